import type { Source, Webhook } from '../../../lib/sources/source.ts';
import { sourceNamed, sources } from '../../../lib/sources/sources.ts';
import { secretOf, sign } from '../../../tools/samples/webhooks.ts';
import { noon } from '../../support/incoming.ts';

export const toleranceSeconds = 300;

/** @throws Error if there is no such source */
export const builtIn = (name: string): Source => {
  const source = sourceNamed(name);
  if (source === undefined) throw new Error(`there is no source ${name}`);
  return source;
};

/** A webhook as received. */
export const webhook = (
  body: Buffer | string,
  headers: Webhook['headers'],
  query: Webhook['query'] = {},
): Webhook => ({ headers, query, body: Buffer.from(body) });

/** Whether the webhook is genuine for its source. The time is noon by default. */
export const opens = (
  name: string,
  given: Webhook,
  secrets: readonly string[] = [secretOf(name)],
  now = noon,
): boolean => builtIn(name).refusal(given, secrets, { now, toleranceSeconds }) === undefined;

/** The sources whose senders sign the time too. */
export const timed = Object.keys(sources).filter((name) => {
  const signed = webhook('{}', sign(name, { body: '{}', now: noon }));
  return opens(name, signed) && !opens(name, signed, undefined, noon + 86_400_000);
});

/** A copy of the bytes with one bit flipped. */
export const flipped = (bytes: Uint8Array, bit: number): Buffer => {
  const copy = Buffer.from(bytes);
  const at = bit % (8 * copy.length);
  copy[at >> 3] = (copy[at >> 3] ?? 0) ^ (1 << (at & 7));
  return copy;
};
