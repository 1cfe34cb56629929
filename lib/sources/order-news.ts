import { createHash } from 'node:crypto';
import { envelopeTime } from '../bus/fields.ts';
import type { OutgoingEvent } from '../bus/publisher.ts';

/** The data of an `order.status_changed` event, as read from a webhook. */
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
  /** ISO 8601. */
  estimatedDelivery?: string | undefined;
  items?: readonly { name: string; quantity?: number | undefined }[] | undefined;
}

/** The data of a `notice.withdrawn` event: what was said about an order, a parcel or a refund no longer holds. */
export interface Withdrawal {
  reference: string;
  /** Milliseconds since 1970. */
  occurredAt: number;
  unlessReopened?: boolean | undefined;
}

/**
 * Creates the event for an order.
 * @param id the event's id; undefined derives it from the event's data
 * @param now milliseconds since 1970
 */
export const orderEvent = (
  sender: string,
  { occurredAt, ...said }: OrderNews | Withdrawal,
  now: number,
  id?: string,
): OutgoingEvent => {
  const data = { ...said, occurredAt: new Date(occurredAt).toISOString() };
  return {
    type: 'reference' in said ? 'notice.withdrawn' : 'order.status_changed',
    id: id ?? `${sender}:${digest(data)}`,
    at: envelopeTime(occurredAt, now),
    data,
  };
};

const digest = (data: object): string =>
  createHash('sha256').update(JSON.stringify(data)).digest('base64url');
