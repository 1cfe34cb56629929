/** `npm run send-webhook -- <sender> events/<file>.json`: signs a sample with the local secret, and sends it. */
import { targetOf } from './local/ports.ts';
import { configuredSources, sendSample } from './samples/send.ts';

try {
  const [sender, file] = process.argv.slice(2);
  if (sender === undefined || file === undefined)
    throw new Error(
      `Usage: npm run send-webhook -- ${Object.keys(await configuredSources()).join('|')} events/<file>.json`,
    );
  const target = targetOf(process.env, console.log);
  if (!(await sendSample(file, { ...target, source: sender }))) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
