import * as z from 'zod/mini';
import { absent, instant, line, shopId } from '../../bus/fields.ts';
import { parse } from '../../runtime/parse.ts';
import { addresseeOf, currencyCode, detail, details, lineItems, money, text, webAddress } from '../fields.ts';
import type { OrderNews } from '../order-news.ts';

/** Order ids are numbers in WooCommerce. */
const orderNumber = absent(z.int().check(z.positive()));

/** A time in UTC without a zone: `2026-01-15T09:29:41`. */
const utc = absent(
  z.pipe(
    z.iso.datetime({ local: true, error: 'expected a time in UTC such as 2026-01-15T09:29:41' }),
    z.pipe(
      z.transform((time: string) => (time.endsWith('Z') ? time : `${time}Z`)),
      instant,
    ),
  ),
);

/** https://developer.woocommerce.com/docs/apis/rest-api/v3/orders — the fields that the bridge reads. */
const order = z.nullable(
  z.object({
    id: orderNumber,
    number: detail(shopId),
    status: absent(line),
    date_created_gmt: utc,
    date_modified_gmt: utc,
    date_paid_gmt: z.optional(z.unknown()),
    customer_id: detail(z.int().check(z.positive())), // 0 means a guest.
    currency: currencyCode,
    total: money,
    line_items: lineItems,
    meta_data: details(z.object({ key: line, value: z.optional(z.unknown()) })),
  }),
);

/**
 * Reads an order that was created, updated or restored. Its customer is `woocommerce:<id>`, unless the order stores
 * the chat's visitor id. Its language is known if WPML stores it (`wpml_language`).
 * @returns the news, or why there is none
 * @throws {InvalidInput} naming every invalid field
 */
export const newsIn = (body: unknown): OrderNews | string => {
  const read = parse(order, body, 'The webhook');
  const occurredAt = read?.date_modified_gmt ?? read?.date_created_gmt;
  if (read?.id === undefined || read.status === undefined) return 'the body contains no order';
  if (occurredAt === undefined) return 'the body contains no time';
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
 * Maps WooCommerce's own statuses. `completed`, which means different things in different shops, and statuses added
 * by plug-ins are passed on unchanged: `statusMap` of bridge.config.ts maps them.
 */
const statusOf = (status: string, paidAt: unknown): string | undefined => {
  const own = status.toLowerCase().replace(/^wc-/, '');
  switch (own) {
    case 'failed':
      return 'payment_failed';
    case 'on-hold':
      return 'on_hold';
    case 'processing':
      // An order paid on delivery is processed before it is paid.
      return paidAt === null ? 'processing' : 'paid';
    case 'checkout-draft':
    case 'auto-draft':
    case 'draft':
    case 'trash':
      return undefined;
    default:
      // WordPress allows only these characters.
      return /^[a-z0-9_-]{1,64}$/.test(own) ? own : undefined;
  }
};

const deleted = z.nullable(z.object({ id: orderNumber, status: z.optional(z.unknown()) }));

/** The id of a deleted order. Undefined if the body has more than an id, as for every other topic. */
export const deletedIn = (body: unknown): number | undefined => {
  const { id, status } = parse(deleted, body, 'The webhook') ?? {};
  return status === undefined ? id : undefined;
};

/**
 * Shipment Tracking and compatible plug-ins (Advanced Shipment Tracking) store an order's parcels under this key.
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

/** PHP encodes a list from which an entry was removed as an object: `{"1": …}`. */
const listed = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Object.values(value) : value;

/** The parcel that was stored last; empty if there is none. */
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
