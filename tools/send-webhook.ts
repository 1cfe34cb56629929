/** `npm run send-webhook -- <source> events/<file>.json`: signs a sample with the local secret, and sends it. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { choosePorts } from './local/ports.ts';
import { freshWebhook } from './samples/fresh-webhook.ts';
import type { SignedSource } from './samples/sign.ts';
import '../lib/runtime/parse.ts';

const usage = 'npm run send-webhook -- shopify|woocommerce|stripe|standard|brevo events/<file>.json';

const sourceName = z.enum(['shopify', 'woocommerce', 'stripe', 'standard', 'brevo']);

try {
  const source = sourceName.safeParse(process.argv[2]);
  const file = process.argv[3];
  if (!source.success || file === undefined) throw new Error(`Which sample?\n\n  ${usage}`);
  await send(source.data, file);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function send(source: SignedSource, file: string): Promise<void> {
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
  else console.log(`What Brevo shows: http://127.0.0.1:${ports.brevo}/control/messages`);
}
