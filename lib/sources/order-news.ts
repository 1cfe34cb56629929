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

/** The data of a `parcel.status_changed` event. A carrier does not know the customer, and rarely the order's id. */
export interface ParcelNews
  extends Pick<
    OrderNews,
    'orderNumber' | 'status' | 'occurredAt' | 'locale' | 'carrier' | 'trackingUrl' | 'estimatedDelivery'
  > {
  trackingNumber: string;
  /** As the carrier was told. It may be another number than the shop's id. */
  orderId?: string | undefined;
}

/**
 * Creates the event for an order.
 * @param id the event's id; undefined derives it from the event's data
 * @param now milliseconds since 1970
 */
export const orderEvent = (
  sender: string,
  news: OrderNews | Withdrawal,
  now: number,
  id?: string,
): OutgoingEvent =>
  eventOf(sender, 'reference' in news ? 'notice.withdrawn' : 'order.status_changed', news, now, id);

/** Creates the event for a parcel, as `orderEvent` does for an order. */
export const parcelEvent = (sender: string, news: ParcelNews, now: number, id?: string): OutgoingEvent =>
  eventOf(sender, 'parcel.status_changed', { ...news, carrier: carrierNamed(news.carrier) }, now, id);

const eventOf = (
  sender: string,
  type: string,
  { occurredAt, ...said }: OrderNews | Withdrawal | ParcelNews,
  now: number,
  id?: string,
): OutgoingEvent => {
  const data = { ...said, occurredAt: new Date(occurredAt).toISOString() };
  return { type, id: id ?? `${sender}:${digest(data)}`, at: envelopeTime(occurredAt, now), data };
};

/** The names of carriers that customers know, by the codes that several senders have for them. */
const carrierNames = new Map(
  ['bpost', 'Chronopost', 'Colissimo', 'Correos', 'DHL', 'DPD', 'FedEx', 'GLS', 'PostNL', 'UPS', 'USPS'].map(
    (name) => [name.toLowerCase(), name],
  ),
);

const carrierNamed = (code: string | undefined): string | undefined =>
  carrierNames.get(code?.toLowerCase() ?? '') ?? code;

const digest = (data: object): string =>
  createHash('sha256').update(JSON.stringify(data)).digest('base64url');
