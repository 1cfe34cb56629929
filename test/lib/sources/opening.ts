import type { SourceName } from '../../../lib/runtime/secrets.ts';
import type { Source, Webhook } from '../../../lib/sources/source.ts';
import { sources } from '../../../lib/sources/sources.ts';
import { webhookSecrets } from '../../../tools/samples/webhooks.ts';
import { noon } from '../../support/incoming.ts';

export const toleranceSeconds = { stripe: 300, standard: 300 };

const of = (name: SourceName): Source => sources[name];

/** A webhook as received. */
export const webhook = (
  body: Buffer | string,
  headers: Webhook['headers'],
  query: Webhook['query'] = {},
): Webhook => ({ headers, query, body: Buffer.from(body) });

/** Whether the webhook is genuine for its source. The time is noon by default. */
export const opens = (
  name: SourceName,
  given: Webhook,
  secrets: readonly string[] = [webhookSecrets[name]],
  now = noon,
): boolean => of(name).refusal(given, secrets, { now, toleranceSeconds }) === undefined;

/** A copy of the bytes with one bit flipped. */
export const flipped = (bytes: Uint8Array, bit: number): Buffer => {
  const copy = Buffer.from(bytes);
  const at = bit % (8 * copy.length);
  copy[at >> 3] = (copy[at >> 3] ?? 0) ^ (1 << (at & 7));
  return copy;
};
