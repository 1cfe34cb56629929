import { orderEvent } from '../order-news.ts';
import { base64Bytes, isSigned } from '../signature.ts';
import type { Reading, Source, Webhook } from '../source.ts';
import { ignored, jsonIn, quoted } from '../source.ts';
import { deletedIn, newsIn } from './orders.ts';

/**
 * When a webhook is set up, WooCommerce asks whether anybody is there: `webhook_id=7`, as a form and unsigned. It wants
 * exactly 200, and causes nothing.
 */
const isPing = ({ headers, body }: Webhook): boolean =>
  /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? '') &&
  body.length <= 64 &&
  /^webhook_id=\d+$/.test(body.toString('latin1'));

/** WooCommerce. It signs the body alone, so that the topic is a hint; it never repeats a delivery. */
export const woocommerce: Source = {
  isGenuine: (webhook, secrets) => {
    // Where no secret is set up, nobody is expected to ask.
    const given = webhook.headers['x-wc-webhook-signature'];
    if (given === undefined && isPing(webhook)) return secrets.some((secret) => secret !== '');
    const signature = base64Bytes(given ?? '');
    return (
      signature !== undefined && isSigned({ content: [webhook.body], keys: secrets, signatures: [signature] })
    );
  },

  read: (webhook, now) => {
    if (isPing(webhook)) return ignored('ping');
    const body = jsonIn(webhook.body);
    const topic = webhook.headers['x-wc-webhook-topic'];
    switch (topic) {
      case 'order.created':
      case 'order.updated':
        return told(body, now);
      case 'order.restored':
        return told(body, now, { reopens: true });
      case 'order.deleted':
        return withdrawn(body, now);
      default:
        return ignored(`unknown topic: ${quoted(topic)}`);
    }
  },

  accepted: 200,
};

const told = (body: unknown, now: number, how: { reopens?: true } = {}): Reading => {
  const news = newsIn(body);
  if (typeof news === 'string') return ignored(news);
  return { kind: 'events', events: [orderEvent('woocommerce', { ...news, ...how }, now)] };
};

/** What was said of the order is taken back. Such a body holds its id alone, and no time: the arrival's must do. */
const withdrawn = (body: unknown, now: number): Reading => {
  const orderId = deletedIn(body);
  if (orderId === undefined) return ignored('no deletion in it');
  const data = { reference: `order:${orderId}`, occurredAt: new Date(now).toISOString() };
  const event = { type: 'notice.withdrawn', id: `woocommerce:order:${orderId}:deleted`, at: now, data };
  return { kind: 'events', events: [event] };
};
