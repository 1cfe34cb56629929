import * as z from 'zod/mini';
import { parse } from '../../runtime/parse.ts';
import { detail, senderId, unixTime } from '../fields.ts';
import { orderEvent } from '../order-news.ts';
import { bodyRefusal, hmacOf } from '../signature.ts';
import type { Source } from '../source.ts';
import { ignored, jsonIn, quoted } from '../source.ts';
import { newsIn, statuses } from './orders.ts';
import { confirmation, register, shopSecret, shopSecretsOf } from './registration.ts';

/** https://developer.shopware.com/docs/guides/plugins/apps/webhook.html */
const webhook = z.object({
  data: detail(z.object({ event: z.string(), payload: z.optional(z.unknown()) })),
  source: detail(z.object({ eventId: senderId })),
  timestamp: unixTime,
});

/**
 * Shopware 6, through a private app. The configured secrets are those of the app's manifest, from which the shop's are derived.
 *
 * It advises receivers to refuse an old `timestamp`. The bridge does not: a captured webhook that is sent again has the time
 * and the content that it had, and so changes nothing, while a shop whose clock is wrong would lose all its webhooks.
 */
export const shopware: Source = {
  sign: ({ body, secret }) => ({
    'shopware-shop-signature': hmacOf(shopSecret(secret, 'first'), [body]).toString('hex'),
  }),

  refusal: ({ headers, body }, secrets) =>
    bodyRefusal(body, headers['shopware-shop-signature'], shopSecretsOf(secrets), 'hex'),

  register,

  read: ({ body, query }, now) => {
    // Even what is unreadable in it must not be kept.
    if (confirmation in query) return ignored('the shop confirms its registration');
    const { data, source, timestamp } = parse(webhook, jsonIn(body), 'The webhook');
    if (data === undefined) return ignored('the body contains no event');
    const { event, payload } = data;
    const status = statuses.get(event);
    if (status === undefined)
      return ignored(`${statuses.has(event) ? 'no message for' : 'unknown event:'} ${quoted(event)}`);
    if (timestamp === undefined) return ignored('the body contains no time');
    const news = newsIn(payload, { event, status, occurredAt: timestamp });
    if (news === undefined) return ignored('the body contains no order');
    const id = source?.eventId;
    const idOf = (index: number) => (id === undefined ? id : `shopware:${id}/${index}`);
    return {
      kind: 'events',
      events: news.map((each, index) => orderEvent('shopware', each, now, idOf(index))),
    };
  },

  accepted: 200,
};
