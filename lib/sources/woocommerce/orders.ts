import * as z from 'zod/mini';
import { absent, instant, line, shopId } from '../../bus/fields.ts';
import { parse } from '../../runtime/parse.ts';
import { addresseeOf, currencyCode, detail, details, lineItems, money, text, webAddress } from '../fields.ts';
import type { OrderNews } from '../order-news.ts';

/** WooCommerce numbers its orders. */
const orderNumber = absent(z.int().check(z.positive()));

/** A time in UTC that does not say so: `2026-01-15T09:29:41`. */
const utc = absent(
  z.pipe(
    z.iso.datetime({ local: true, error: 'expected a time in UTC such as 2026-01-15T09:29:41' }),
    z.pipe(
      z.transform((time: string) => (time.endsWith('Z') ? time : `${time}Z`)),
      instant,
    ),
  ),
);

/** https://developer.woocommerce.com/docs/apis/rest-api/v3/orders — what is read of it. */
const order = z.nullable(
  z.object({
    id: orderNumber,
    number: detail(shopId),
    status: absent(line),
    date_created_gmt: utc,
    date_modified_gmt: utc,
    date_paid_gmt: z.optional(z.unknown()),
    customer_id: detail(z.int().check(z.positive())), // 0 is a guest.
    currency: currencyCode,
    total: money,
    line_items: lineItems,
    meta_data: details(z.object({ key: line, value: z.optional(z.unknown()) })),
  }),
);

/**
 * What an order that was created, updated or restored is now. Its customer is `woocommerce:<id>` unless the order notes
 * the chat's visitor; its language is known where WPML (`wpml_language`) notes it.
 * @returns the news, or why there is none
 * @throws {InvalidInput} naming every field at fault
 */
export const newsIn = (body: unknown): OrderNews | string => {
  const read = parse(order, body, 'The webhook');
  const occurredAt = read?.date_modified_gmt ?? read?.date_created_gmt;
  if (read?.id === undefined || read.status === undefined) return 'no order in it';
  if (occurredAt === undefined) return 'it does not say when';
  const status = statusOf(read.status, read.date_paid_gmt);
  if (status === undefined) return 'no message for this status';
  const notes = read.meta_data.map(({ key, value }) => ({ name: key, value }));
  return {
    orderId: String(read.id),
    orderNumber: read.number,
    status,
    occurredAt,
    ...addresseeOf('woocommerce', notes, read.customer_id),
    locale: text.parse(notes.find(({ name }) => name === 'wpml_language')?.value),
    currency: read.currency,
    total: read.total,
    ...shipmentIn(read.meta_data),
    items: read.line_items,
  };
};

/**
 * What WooCommerce's own statuses mean. `completed`, whose meaning differs from shop to shop, and those that plug-ins
 * add go on as they are: `statusMap` of bridge.config.ts says what they mean.
 */
const statusOf = (status: string, paidAt: unknown): string | undefined => {
  const own = status.toLowerCase().replace(/^wc-/, '');
  switch (own) {
    case 'failed':
      return 'payment_failed';
    case 'on-hold':
      return 'on_hold';
    case 'processing':
      // What is paid on delivery is being processed without having been paid.
      return paidAt === null ? 'processing' : 'paid';
    case 'checkout-draft':
    case 'auto-draft':
    case 'draft':
    case 'trash':
      return undefined;
    default:
      // WordPress keeps to these characters.
      return /^[a-z0-9_-]{1,64}$/.test(own) ? own : undefined;
  }
};

const deleted = z.nullable(z.object({ id: orderNumber, status: z.optional(z.unknown()) }));

/** The order that was deleted; undefined when the body says more of it than its id, as for every other topic. */
export const deletedIn = (body: unknown): number | undefined => {
  const { id, status } = parse(deleted, body, 'The webhook') ?? {};
  return status === undefined ? id : undefined;
};

/**
 * Shipment Tracking and the plug-ins that do as it does (Advanced Shipment Tracking) note the parcels of an order here.
 * https://woocommerce.com/document/shipment-tracking/
 */
const trackingKey = '_wc_shipment_tracking_items';

const parcels = details(
  z.object({
    formatted_tracking_provider: text,
    custom_tracking_provider: text,
    tracking_provider: text,
    tracking_number: text,
    custom_tracking_link: webAddress,
    formatted_tracking_link: webAddress,
  }),
);

/** PHP writes a list from which something was removed as an object: `{"1": …}`. */
const listed = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Object.values(value) : value;

/** The parcel that was noted last; empty when none is. */
const shipmentIn = (
  meta: readonly { key: string; value?: unknown }[],
): Pick<OrderNews, 'carrier' | 'trackingNumber' | 'trackingUrl'> => {
  const noted = meta.find(({ key }) => key === trackingKey)?.value;
  const parcel = parcels.parse(listed(noted)).at(-1);
  if (parcel === undefined) return {};
  return {
    carrier:
      parcel.formatted_tracking_provider ?? parcel.custom_tracking_provider ?? parcel.tracking_provider,
    trackingNumber: parcel.tracking_number,
    trackingUrl: parcel.custom_tracking_link ?? parcel.formatted_tracking_link,
  };
};
