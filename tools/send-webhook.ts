/** `npm run send-webhook -- <sender> events/<file>.json`: signs a sample with the local secret, and sends it. */
import { sources } from '../lib/sources/sources.ts';
import { targetOf } from './local/ports.ts';
import { sendSample } from './samples/send.ts';
import { readSource } from './samples/webhooks.ts';

try {
  const [sender, file] = process.argv.slice(2);
  if (sender === undefined || file === undefined)
    throw new Error(`Usage: npm run send-webhook -- ${Object.keys(sources).join('|')} events/<file>.json`);
  const target = targetOf(process.env, console.log);
  if (!(await sendSample(file, { ...target, source: readSource(sender) }))) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
