/**
 * `npm run send-webhook -- <sender> <file> [--header 'name: value']`: signs a sample, or the body of a real webhook, with the
 * local secret, says what it means, sends it, and says what became of it.
 */
import { parseArgs } from 'node:util';
import { targetOf } from './local/ports.ts';
import { headersIn } from './samples/explain.ts';
import { configuredSources, sendPayload } from './samples/send.ts';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { header: { type: 'string', multiple: true, default: [] } },
  });
  const [source, file] = positionals;
  if (source === undefined || file === undefined) {
    const senders = Object.keys(await configuredSources()).join('|');
    throw new Error(`Usage: npm run send-webhook -- ${senders} <file> [--header 'name: value']`);
  }
  const webhook = { source, headers: headersIn(values.header) };
  if (!(await sendPayload(file, webhook, targetOf(process.env, console.log)))) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
