import { orderEvent } from '../order-news.ts';
import { bodyRefusal, hmacOf } from '../signature.ts';
import type { Reading, Source, Webhook } from '../source.ts';
import { ignored, jsonIn, quoted } from '../source.ts';
import { deletedIn, newsIn } from './orders.ts';

/**
 * When a webhook is set up, WooCommerce sends a ping: an unsigned form with `webhook_id=7`. It expects exactly 200,
 * and the ping has no effect.
 */
const isPing = ({ headers, body }: Webhook): boolean =>
  /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? '') &&
  body.length <= 64 &&
  /^webhook_id=\d+$/.test(body.toString('latin1'));

/** WooCommerce. It signs the body but not the topic, and never repeats a delivery. */
export const woocommerce: Source = {
  sign: ({ body, secret }) => ({ 'x-wc-webhook-signature': hmacOf(secret, [body]).toString('base64') }),

  refusal: (webhook, secrets) => {
    const given = webhook.headers['x-wc-webhook-signature'];
    // A ping is accepted only if a secret is configured.
    const isAcceptedPing = given === undefined && isPing(webhook) && secrets.some((secret) => secret !== '');
    return isAcceptedPing ? undefined : bodyRefusal(webhook.body, given, secrets);
  },

  read: (webhook, now) => {
    if (isPing(webhook)) return ignored('ping');
    const body = jsonIn(webhook.body);
    const topic = webhook.headers['x-wc-webhook-topic'];
    switch (topic) {
      case 'order.created':
      case 'order.updated':
        return newsFrom(body, now);
      case 'order.restored':
        return newsFrom(body, now, { reopens: true });
      case 'order.deleted':
        return withdrawn(body, now);
      default:
        return ignored(`unknown topic: ${quoted(topic)}`);
    }
  },

  accepted: 200,
};

const newsFrom = (body: unknown, now: number, how: { reopens?: true } = {}): Reading => {
  const news = newsIn(body);
  if (typeof news === 'string') return ignored(news);
  return { kind: 'events', events: news.map((each) => orderEvent('woocommerce', { ...each, ...how }, now)) };
};

/**
 * The event that withdraws a deleted order's notice. The body contains only the id and no time, so the time of
 * arrival is used, and whoever has captured it could send it again: it has no effect once the order was restored.
 */
const withdrawn = (body: unknown, now: number): Reading => {
  const orderId = deletedIn(body);
  if (orderId === undefined) return ignored('the body contains no deletion');
  const withdrawal = { reference: `order:${orderId}`, occurredAt: now, unlessReopened: true };
  return {
    kind: 'events',
    events: [orderEvent('woocommerce', withdrawal, now, `woocommerce:order:${orderId}:deleted`)],
  };
};
