import { createHash } from 'node:crypto';
import type { OutgoingEvent } from '../bus/publisher.ts';
import type { Reading } from './source.ts';

/** What a webhook says of an order: the data of `order.status_changed` before they are written. */
export interface OrderNews {
  orderId: string;
  orderNumber?: string | undefined;
  status: string;
  /** Milliseconds since 1970. */
  occurredAt: number;
  visitorId?: string | undefined;
  customerId?: string | undefined;
  shipmentId?: string | undefined;
  refundId?: string | undefined;
  reopens?: boolean | undefined;
  locale?: string | undefined;
  currency?: string | undefined;
  /** In the currency's main unit: 49.9 is 49.90 €. */
  total?: number | undefined;
  carrier?: string | undefined;
  trackingNumber?: string | undefined;
  trackingUrl?: string | undefined;
  items?: readonly { name: string; quantity?: number | undefined }[] | undefined;
}

/** A sender's clock may be wrong; one that is further ahead of ours than this is not believed. */
const believableSkewMs = 5 * 60_000;

/**
 * The event for news of an order. It is dated by the sender's own time, so that a repeated delivery is the same event,
 * unless that time lies in the future: what the sender claims is then held to the time of arrival.
 * @param id the event's; undefined derives it from all that the event says
 * @param now milliseconds since 1970
 */
export const orderEvent = (
  sender: string,
  { occurredAt, ...said }: OrderNews,
  now: number,
  id?: string,
): OutgoingEvent => {
  const data = { ...said, occurredAt: new Date(occurredAt).toISOString() };
  return {
    type: 'order.status_changed',
    id: id ?? `${sender}:${digest(data)}`,
    at: occurredAt > now + believableSkewMs ? now : occurredAt,
    data,
  };
};

const digest = (data: object): string =>
  createHash('sha256').update(JSON.stringify(data)).digest('base64url');

export const ignored = (reason: string): Reading => ({ kind: 'ignored', reason });

/** The topic as a reason may name it. It is unsigned, and goes into a log. */
export const quoted = (topic: string | undefined): string =>
  topic !== undefined && /^[\w./-]{1,64}$/.test(topic) ? topic : 'none that could be named';
