import { orderEvent } from '../order-news.ts';
import { hexBytes, hmacOf, isSigned, refusals, signedTime, untimely } from '../signature.ts';
import type { Reading, Source } from '../source.ts';
import { ignored, jsonIn } from '../source.ts';
import { newsIn } from './payments.ts';

/**
 * Reads an event that holds its object.
 * @param now milliseconds since 1970
 * @throws {InvalidInput} naming every invalid field
 */
export const readSnapshot = (event: unknown, now: number): Reading => {
  const read = newsIn(event);
  if (typeof read === 'string') return ignored(read);
  return { kind: 'events', events: read.map(({ id, news }) => orderEvent('stripe', news, now, id)) };
};

/**
 * Stripe: `t=<seconds>,v1=<hex>[,v1=<hex>]` over `<t>.<body>`. Schemes other than v1 are ignored.
 * https://docs.stripe.com/webhooks#verify-manually
 */
export const stripe: Source = {
  sign: ({ body, secret, now }) => {
    const seconds = Math.floor(now / 1000);
    const signature = hmacOf(secret, [`${seconds}.`, body]).toString('hex');
    return { 'stripe-signature': `t=${seconds},v1=${signature}` };
  },

  refusal: ({ headers, body }, secrets, clock) => {
    const header = headers['stripe-signature'];
    if (header === undefined) return refusals.noHeader;
    const parts = header.split(',').map((part) => {
      const [, scheme, value] = /^(\w+)=(.*)$/s.exec(part) ?? [];
      return { scheme, value: value ?? '' };
    });
    const [time, second] = parts.filter(({ scheme }) => scheme === 't');
    // If there are two times, it is unclear which one is signed.
    if (time === undefined || second !== undefined) return refusals.malformed;
    const at = signedTime(time.value);
    if (at === undefined) return refusals.malformed;
    const signatures = parts
      .filter(({ scheme }) => scheme === 'v1')
      .flatMap(({ value }) => hexBytes(value) ?? []);
    if (!isSigned({ content: [`${time.value}.`, body], keys: secrets, signatures })) return refusals.noMatch;
    return untimely(at, clock);
  },

  read: ({ body }, now) => readSnapshot(jsonIn(body), now),

  accepted: 200,
};
