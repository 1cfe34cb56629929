import { orderEvent } from '../order-news.ts';
import { base64Bytes, isSigned } from '../signature.ts';
import type { Source, Webhook } from '../source.ts';
import { ignored, jsonIn, quoted } from '../source.ts';
import { cancelled, created, fulfilled, type News, paid, refunded } from './orders.ts';
import { shipmentMoved } from './parcels.ts';

/** https://shopify.dev/docs/api/webhooks — the topics that say something a customer wants to know. */
const topics = new Map<string, (body: unknown) => News>([
  ['orders/create', created],
  ['orders/paid', paid],
  ['orders/fulfilled', fulfilled],
  ['orders/partially_fulfilled', fulfilled],
  ['orders/cancelled', cancelled],
  ['fulfillments/create', shipmentMoved],
  ['fulfillments/update', shipmentMoved],
  ['refunds/create', refunded],
]);

/** Of the two families of headers the newer wins, where both are there: the older alone must not open then. */
const header = ({ headers }: Webhook, name: string): string | undefined =>
  headers[`shopify-${name}`] ?? headers[`x-shopify-${name}`];

/**
 * Shopify. It signs the body alone, so that the topic is a hint which says how to read it: what is said follows from
 * the body, and where the two do not agree nothing is.
 */
export const shopify: Source = {
  isGenuine: (webhook, secrets) => {
    const signature = base64Bytes(header(webhook, 'hmac-sha256') ?? '');
    return (
      signature !== undefined && isSigned({ content: [webhook.body], keys: secrets, signatures: [signature] })
    );
  },

  read: (webhook, now) => {
    const topic = header(webhook, 'topic');
    const newsIn = topics.get(topic ?? '');
    const body = jsonIn(webhook.body);
    if (newsIn === undefined) return ignored(`unknown topic: ${quoted(topic)}`);
    const news = newsIn(body);
    if (typeof news === 'string') return ignored(news);
    return { kind: 'events', events: news.map((each) => orderEvent('shopify', each, now)) };
  },

  accepted: 200,
};
