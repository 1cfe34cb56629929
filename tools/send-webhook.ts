/** `npm run send-webhook -- <sender> events/<file>.json`: signs a sample with the local secret, and sends it. */
import { readFile } from 'node:fs/promises';
import { sources } from '../lib/sources/sources.ts';
import { choosePorts } from './local/ports.ts';
import { freshWebhook, readSource } from './samples/webhooks.ts';

const usage = `npm run send-webhook -- ${Object.keys(sources).join('|')} events/<file>.json`;

const send = async (sender: string, file: string): Promise<void> => {
  const source = readSource(sender);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`${file} cannot be read`, { cause });
  });
  const { headers, body } = freshWebhook(text, { file, source, now: Date.now() });
  const ports = choosePorts(process.env);
  const url = `http://127.0.0.1:${ports.httpApi}/webhooks/${source}`;
  const response = await fetch(url, { method: 'POST', headers, body }).catch((cause: unknown) => {
    throw new Error(`Nothing answers at ${url}: start the local run with npm start`, { cause });
  });
  console.log(`${response.status} ${await response.text()}`.trim());
  if (!response.ok) process.exitCode = 1;
  else console.log(`Messages in the simulated Brevo: http://127.0.0.1:${ports.brevo}/control/messages`);
};

try {
  const [sender, file] = process.argv.slice(2);
  if (sender === undefined || file === undefined) throw new Error(`Usage: ${usage}`);
  await send(sender, file);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
