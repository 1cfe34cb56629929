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
    // In UTC if the body has no times that end in `_gmt`, as in version 1 of WooCommerce's API.
    date_created: z.optional(z.unknown()),
    date_modified: z.optional(z.unknown()),
    date_paid: z.optional(z.unknown()),
    customer_id: detail(z.int().check(z.positive())), // 0 means a guest.
    currency: currencyCode,
    total: money,
    line_items: lineItems,
    meta_data: details(z.object({ key: line, value: z.optional(z.unknown()) })),
    refunds: details(z.object({ id: shopId, total: money })),
  }),
);

/** When the order changed, in milliseconds since 1970, and when it was paid. */
const timesIn = (read: NonNullable<z.output<typeof order>>) => {
  const { date_created_gmt: created, date_modified_gmt: modified, date_paid_gmt: paid } = read;
  if ('date_modified_gmt' in read || 'date_created_gmt' in read)
    return { occurredAt: modified ?? created, paid };
  const occurredAt = detail(utc).parse(read.date_modified) ?? detail(utc).parse(read.date_created);
  return { occurredAt, paid: read.date_paid };
};

/**
 * Reads an order that was created, updated or restored. Each of its refunds is a separate event, because a partial
 * refund leaves the status as it is. Its customer is `woocommerce:<id>`, unless the order stores
 * the chat's visitor id. Its language is known if WPML stores it (`wpml_language`).
 * @returns the news, or why there is none
 * @throws {InvalidInput} naming every invalid field
 */
export const newsIn = (body: unknown): OrderNews[] | string => {
  const read = parse(order, body, 'The webhook');
  if (read?.id === undefined || read.status === undefined) return 'the body contains no order';
  const { occurredAt, paid } = timesIn(read);
  if (occurredAt === undefined) return 'the body contains no time';
  const status = statusOf(read.status, paid);
  if (status === undefined) return 'no message for this status';
  const notes = read.meta_data.map(({ key, value }) => ({ name: key, value }));
  const facts = {
    orderId: String(read.id),
    orderNumber: read.number,
    occurredAt,
    ...addresseeOf('woocommerce', notes, read.customer_id),
    locale: text.parse(notes.find(({ name }) => name === 'wpml_language')?.value),
    currency: read.currency,
  };
  const refunds = read.refunds.map(({ id, total }) => ({
    ...facts,
    status: 'refunded',
    refundId: id,
    total: total === undefined ? undefined : -total,
  }));
  // If the refunds are known, they say what has been refunded.
  if (status === 'refunded' && refunds.length > 0) return refunds;
  const items = read.line_items;
  return [{ ...facts, status, total: read.total, ...shipmentIn(read.meta_data), items }, ...refunds];
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
