/**
 * `npm run send-webhook -- <sender> <file> [--header 'name: value']`: signs a sample, or the body of a real webhook, with the
 * local secret, says what it means, sends it, and says what became of it.
 */
import { parseArgs } from 'node:util';
import { explain, headersIn, linesOf } from './console/explain.ts';
import { targetOf } from './local/ports.ts';
import { configuredSources, readWebhook, sendSigned } from './samples/send.ts';

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
  const webhook = await readWebhook(file, { source, headers: headersIn(values.header) });
  const { default: config } = await import('../bridge.config.ts');
  for (const meaning of explain({ text: webhook.body, ...webhook, config, now: Date.now() }))
    console.log(`${linesOf(meaning).join('\n')}\n`);
  if (!(await sendSigned(webhook, targetOf(process.env, console.log)))) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
