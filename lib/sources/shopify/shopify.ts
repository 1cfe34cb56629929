import { orderEvent } from '../order-news.ts';
import { bodyRefusal, hmacOf } from '../signature.ts';
import type { Reading, Source, Webhook } from '../source.ts';
import { ignored, jsonIn, quoted } from '../source.ts';
import { cancelled, created, deleted, fulfilled, paid, refunded } from './orders.ts';
import { carrierReported, type News, shipmentMoved } from './parcels.ts';

/** https://shopify.dev/docs/api/webhooks — the topics that lead to a message for the customer. */
const topics = new Map<string, (body: unknown, now: number) => News>([
  ['orders/create', created],
  ['orders/paid', paid],
  ['orders/fulfilled', fulfilled],
  ['orders/partially_fulfilled', fulfilled],
  ['orders/cancelled', cancelled],
  ['fulfillments/create', shipmentMoved],
  ['fulfillments/update', shipmentMoved],
  ['fulfillment_events/create', carrierReported],
  ['refunds/create', refunded],
  ['orders/delete', deleted],
  ['orders/edited', () => 'orders/edited: changed items are no news'],
]);

/**
 * If both header families are present, the newer one counts, so that the older header alone cannot authenticate the
 * webhook.
 */
const header = ({ headers }: Webhook, name: string): string | undefined =>
  headers[`shopify-${name}`] ?? headers[`x-shopify-${name}`];

/**
 * Reads the body of a topic.
 * @param now milliseconds since 1970
 * @throws {InvalidInput} if the body does not fit its topic
 */
export const readTopic = (topic: string | undefined, body: unknown, now: number): Reading => {
  const newsIn = topics.get(topic ?? '');
  return newsIn === undefined
    ? ignored(`unknown topic: ${quoted(topic)}`)
    : readingOf(newsIn(body, now), now);
};

export const readingOf = (news: News, now: number): Reading =>
  typeof news === 'string'
    ? ignored(news)
    : { kind: 'events', events: news.map((each) => orderEvent('shopify', each, now)) };

/**
 * Shopify. It signs the body but not the topic. The topic only selects how to read the body, and if the two do not
 * match, the webhook is ignored.
 */
export const shopify: Source = {
  sign: ({ body, secret }) => ({ 'x-shopify-hmac-sha256': hmacOf(secret, [body]).toString('base64') }),

  refusal: (webhook, secrets) => bodyRefusal(webhook.body, header(webhook, 'hmac-sha256'), secrets),

  read: (webhook, now) => readTopic(header(webhook, 'topic'), jsonIn(webhook.body), now),

  accepted: 200,
};
