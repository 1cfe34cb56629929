import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { entriesOf } from '../../samples/events.ts';
import { freshWebhook, readSource } from '../../samples/webhooks.ts';
import { type Act, action, NotDone } from '../act.ts';
import type { Sample } from '../state.ts';
import type { PutEvents } from './put-events.ts';

/** Sends a sample with the present time: an event to the bus, a webhook to the HTTP API as its sender would sign it. */
export const sendSample = (options: {
  folder: string;
  samples: readonly Sample[];
  putEvents: PutEvents;
  httpApi: string;
}): Act =>
  action(z.object({ file: z.string() }), async ({ file }) => {
    const { folder, samples, putEvents, httpApi } = options;
    const sample = samples.find((each) => each.file === file);
    if (sample === undefined) throw new NotDone(`There is no sample ${file}`);
    const text = await readFile(join(folder, file), 'utf8');
    if (sample.kind === 'webhook') return sendWebhook(text, { file, httpApi });
    const entries = entriesOf(text, { file, now: new Date() });
    await putEvents(entries);
    return `${entries.map(({ DetailType }) => DetailType).join(', ')}: on the bus.`;
  });

async function sendWebhook(
  text: string,
  { file, httpApi }: { file: string; httpApi: string },
): Promise<string> {
  const sender = readSource(file.split('.')[1]?.split('-')[0] ?? '');
  const { headers, body } = freshWebhook(text, { file, source: sender, now: Date.now() });
  const response = await fetch(`${httpApi}/webhooks/${sender}`, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new NotDone(`The webhook was refused with ${response.status}`);
  return `The webhook of ${sender} was taken with ${response.status}.`;
}
