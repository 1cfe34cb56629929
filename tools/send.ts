/** `npm run send -- events/<file>.json`: sends a sample to the local run, and says what became of it. */
import { targetOf } from './local/ports.ts';
import { sendSample } from './samples/send.ts';
import '../lib/runtime/parse.ts';

try {
  const [file] = process.argv.slice(2);
  if (file === undefined) throw new Error('Usage: npm run send -- events/<file>.json');
  if (!(await sendSample(file, targetOf(process.env, console.log)))) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
