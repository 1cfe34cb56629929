import * as z from 'zod/mini';
import { absent, instant, shopId } from '../../bus/fields.ts';
import { orderReference } from '../../bus/reference.ts';
import { parse } from '../../runtime/parse.ts';
import { addresseeOf, currencyCode, detail, details, money, quantity, text } from '../fields.ts';
import type { OrderNews } from '../order-news.ts';
import { type News, shipmentFields, shipmentOf } from './parcels.ts';

const notes = details(z.object({ name: text, value: z.optional(z.unknown()) }));

/**
 * https://shopify.dev/docs/api/admin-rest/latest/resources/order — the body is null if the app may not see the order.
 */
const order = z.nullable(
  z.object({
    id: absent(shopId),
    name: text,
    created_at: absent(instant),
    processed_at: absent(instant),
    updated_at: absent(instant),
    cancelled_at: absent(instant),
    financial_status: absent(z.string()),
    fulfillments: details(shipmentFields),
    shipping_address: z.optional(z.unknown()),
    note_attributes: notes,
    line_items: details(z.object({ name: text, quantity, properties: notes })),
    customer: detail(z.object({ id: shopId })),
    customer_locale: text,
    currency: currencyCode,
    total_price: money,
    // The amount that the customer saw and paid, if the shop's own currency is another one.
    total_price_set: detail(
      z.object({ presentment_money: z.object({ amount: money, currency_code: currencyCode }) }),
    ),
  }),
);

type Order = NonNullable<z.output<typeof order>>;
type Facts = Omit<OrderNews, 'status' | 'occurredAt'>;

/** Parses an order, and passes it to `newsOf`. */
const orderIn = (body: unknown, newsOf: (order: Order, facts: Facts) => News): News => {
  const read = parse(order, body, 'The webhook');
  if (read?.id === undefined) return 'the body contains no order';
  return newsOf(read, factsOf(read.id, read));
};

const factsOf = (orderId: string, read: Order): Facts => {
  const { amount, currency_code } = read.total_price_set?.presentment_money ?? {};
  const seen = amount !== undefined && currency_code !== undefined;
  const written = [...read.note_attributes, ...read.line_items.flatMap(({ properties }) => properties)];
  return {
    orderId,
    orderNumber: read.name,
    ...addresseeOf('shopify', written, read.customer?.id),
    locale: read.customer_locale,
    ...(seen
      ? { total: amount, currency: currency_code }
      : { total: read.total_price, currency: read.currency }),
    items: read.line_items.flatMap(({ name, quantity }) => (name === undefined ? [] : [{ name, quantity }])),
  };
};

const one = (facts: Facts, status: string, occurredAt: number | undefined): News =>
  occurredAt === undefined ? 'the body contains no time' : [{ ...facts, status, occurredAt }];

/** `orders/create`. The order may already be paid, or may have been imported long after it was placed. */
export const created = (body: unknown): News =>
  orderIn(body, (read, facts) => {
    const at = read.processed_at ?? read.created_at;
    if (read.cancelled_at !== undefined) return 'the order is already cancelled';
    switch (read.financial_status) {
      case 'paid':
        return one(facts, 'paid', at);
      case 'pending':
      case 'authorized':
      case 'partially_paid':
        return one(facts, 'pending', at);
      default:
        return 'the order is neither paid nor awaiting payment';
    }
  });

/** `orders/paid` */
export const paid = (body: unknown): News =>
  orderIn(body, (read, facts) =>
    read.financial_status === 'paid' && read.cancelled_at === undefined
      ? one(facts, 'paid', read.updated_at ?? read.processed_at)
      : 'the order is not paid',
  );

/** `orders/cancelled` */
export const cancelled = (body: unknown): News =>
  orderIn(body, (read, facts) =>
    read.cancelled_at === undefined
      ? 'the order is not cancelled'
      : one(facts, 'cancelled', read.cancelled_at),
  );

/** An order whose fulfilment waits. Only Shopify Events tell. */
export const onHold = (body: unknown): News =>
  orderIn(body, (read, facts) => one(facts, 'on_hold', read.updated_at));

/** `orders/fulfilled` and `orders/partially_fulfilled`: each parcel is a separate event. */
export const fulfilled = (body: unknown): News =>
  orderIn(body, (read, facts) => {
    const shipments = read.fulfillments.flatMap((each) => {
      const shipment = shipmentOf({ destination: read.shipping_address, ...each }, facts);
      return typeof shipment === 'string' ? [] : [shipment];
    });
    return shipments.length > 0 ? shipments : 'no parcel has been shipped';
  });

/** https://shopify.dev/docs/api/admin-rest/latest/resources/refund */
const refund = z.nullable(
  z.object({
    id: absent(shopId),
    order_id: absent(shopId),
    created_at: absent(instant),
    transactions: details(z.object({ kind: text, status: text, amount: money, currency: currencyCode })),
  }),
);

/**
 * `refunds/create`. It names only the order, and the message goes to the order's visitor. Restocked goods and order
 * edits create refunds too, but a message is sent only if money is returned.
 */
export const refunded = (body: unknown): News => {
  const { id, order_id, created_at, transactions } = parse(refund, body, 'The webhook') ?? {};
  if (id === undefined || order_id === undefined || created_at === undefined)
    return 'the body contains no refund';
  const payments = (transactions ?? []).filter(
    ({ kind, status }) => kind === 'refund' && (status === 'success' || status === 'pending'),
  );
  const [first] = payments;
  if (first === undefined) return 'no money is returned';
  const sum = payments.reduce((total, { amount = Number.NaN }) => total + amount, 0);
  const alike = payments.every(({ currency }) => currency === first.currency);
  return [
    {
      orderId: order_id,
      status: 'refunded',
      occurredAt: created_at,
      refundId: id,
      ...(alike && Number.isFinite(sum) && { total: Number(sum.toFixed(3)), currency: first.currency }),
    },
  ];
};

const deletion = z.nullable(z.object({ id: absent(shopId), name: z.optional(z.unknown()) }));

/** `orders/delete`. The body contains only the id and no time, so the time of arrival is used. */
export const deleted = (body: unknown, now: number): News => {
  const { id, name } = parse(deletion, body, 'The webhook') ?? {};
  // The topic is unsigned, and the body of any other one has more than an id.
  if (id === undefined || name !== undefined) return 'the body contains no deletion';
  return [{ reference: orderReference(id), occurredAt: now, unlessReopened: true }];
};
