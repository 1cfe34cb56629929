import * as z from 'zod/mini';
import { line, shopId } from '../../bus/fields.ts';
import { orderReference } from '../../bus/reference.ts';
import { parse } from '../../runtime/parse.ts';
import { addresseeOf, currencyCode, detail, details, text } from '../fields.ts';
import type { OrderNews, Withdrawal } from '../order-news.ts';
import { quoted } from '../source.ts';

/** https://docs.stripe.com/currencies#zero-decimal */
const zeroDecimal = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ');
const threeDecimal = 'BHD JOD KWD OMR TND'.split(' ');

/**
 * Stripe lists the Ugandan shilling as a currency without a minor unit, but also as a special case counted in
 * hundredths.
 */
const undecided = 'UGX';

/**
 * Converts an amount from Stripe's minor unit to the currency's main unit: 4990 in EUR is 49.9. (The króna has no
 * minor unit, but Stripe counts it in hundredths.)
 * @returns undefined if the unit is not known for certain
 */
const mainUnits = (amount: number | undefined, currency: string | undefined): number | undefined => {
  if (amount === undefined || currency === undefined || currency === undecided) return undefined;
  if (zeroDecimal.includes(currency)) return amount;
  return amount / (threeDecimal.includes(currency) ? 1000 : 100);
};

const count = detail(z.int());

/** The fields that the bridge reads of a checkout session, a payment intent, a charge or a refund. */
const object = z.object({
  id: text,
  metadata: z.catch(z.record(z.string(), z.unknown()), {}),
  client_reference_id: text,
  payment_status: text,
  status: text,
  /** Of a refund: the charge that it returns. */
  charge: text,
  customer: text, // An object if expanded, which never happens in webhooks.
  locale: text,
  currency: currencyCode,
  amount: count,
  amount_total: count,
  amount_received: count,
  amount_refunded: count,
  refunded: detail(z.boolean()),
  refunds: detail(
    z.object({ data: details(z.object({ id: line, amount: count, created: z._default(z.int(), 0) })) }),
  ),
});

/** https://docs.stripe.com/api/events/object */
const event = z.object({
  id: line,
  type: line,
  created: z.int().check(z.gte(0), z.lte(253_402_300_799)), // Seconds. The year 9999 is the last with four digits.
  data: z.object({ object, previous_attributes: detail(z.object({ amount_refunded: count })) }),
});
type Charge = z.output<typeof event>['data'];

/** The types that lead to a message for the customer. */
const known = {
  'checkout.session.completed': ({ object }: Charge) =>
    object.payment_status === 'unpaid' ? total('pending', object) : paid(object),
  // For payments that take days, such as a direct debit.
  'checkout.session.async_payment_succeeded': ({ object }: Charge) => paid(object),
  'checkout.session.async_payment_failed': ({ object }: Charge) => total('payment_failed', object),
  'payment_intent.succeeded': ({ object }: Charge) => total('paid', object),
  'payment_intent.processing': ({ object }: Charge) => total('pending', object),
  'payment_intent.payment_failed': ({ object }: Charge) => total('payment_failed', object),
  'charge.refunded': (charge: Charge) => refund(charge),
};

/** The types of an event about a single refund, which may fail days after it was made. */
const ofRefund = ['refund.failed', 'refund.updated', 'charge.refund.updated'];

/** Types that lead to no message, by name. */
const unsaid: Readonly<Record<string, string>> = {
  'payment_intent.canceled': 'a cancelled payment says nothing about the order',
};
const isKnown = (type: string): type is keyof typeof known => Object.hasOwn(known, type);

type Status = Pick<OrderNews, 'status' | 'total' | 'refundId'>;

const total = (
  status: string,
  { amount_total, amount_received, amount, currency }: Charge['object'],
): Status => ({
  status,
  total: mainUnits(amount_total ?? (amount_received || amount), currency),
});

/** Nothing is paid if no payment is required: a card is set up, a trial begins, or the order is free. */
const paid = (session: Charge['object']): Status | undefined =>
  session.payment_status === 'paid' ? total('paid', session) : undefined;

/**
 * The latest refund of a charge. If the body lists no refunds (newer Stripe versions do not), its id is made from the
 * total refunded so far.
 */
const refund = ({ object, previous_attributes }: Charge): Status | undefined => {
  const { id, amount_refunded = 0, currency, refunds } = object;
  if (amount_refunded <= 0) return undefined;
  const latest = refunds?.data.toSorted((one, other) => other.created - one.created)[0];
  const part = id === undefined ? undefined : refundIdOf(id, amount_refunded);
  const before = previous_attributes?.amount_refunded ?? 0;
  return {
    status: 'refunded',
    refundId: detail(shopId).parse(latest?.id ?? part),
    total: mainUnits(latest?.amount ?? amount_refunded - before, currency),
  };
};

const refundIdOf = (chargeId: string, refunded: number): string => `${chargeId}-${refunded}`;

/** Withdraws a refund that failed or was cancelled, by both ids that it may have been told by. */
const withdrawals = ({ id, charge, amount, status }: Charge['object'], orderId: string): string[] => {
  if (status !== 'failed' && status !== 'canceled') return [];
  const made = charge === undefined || amount === undefined ? undefined : refundIdOf(charge, amount);
  return [id, made].flatMap((each) =>
    each === undefined ? [] : [orderReference(orderId, { about: 'refund', id: each })],
  );
};

/**
 * Reads a Stripe event about a shop's order. The event must name the order: in its metadata as `order_id` or
 * `orderId`, or as the `client_reference_id` of a checkout session.
 * @returns each news and its event's id, or why there is none
 * @throws {InvalidInput} naming every invalid field
 */
export const newsIn = (body: unknown): { id: string; news: OrderNews | Withdrawal }[] | string => {
  const { type } = parse(z.object({ type: line }), body, 'The webhook');
  if (Object.hasOwn(unsaid, type)) return `${type}: ${unsaid[type]}`;
  if (!isKnown(type) && !ofRefund.includes(type)) return `unknown type: ${quoted(type)}`;
  const { id, created, data } = parse(event, body, 'The webhook');
  const { object } = data;
  const { metadata } = object;
  const orderId = [metadata.order_id, metadata.orderId, object.client_reference_id]
    .map((each) => detail(shopId).parse(each))
    .find((each) => each !== undefined);
  if (orderId === undefined) return 'the event has no order_id in its metadata and no client_reference_id';
  const occurredAt = created * 1000;
  if (!isKnown(type)) {
    const withdrawn = withdrawals(object, orderId);
    if (withdrawn.length === 0) return 'the refund has not failed';
    return withdrawn.map((reference, index) => ({ id: `${id}-${index}`, news: { reference, occurredAt } }));
  }
  const status = known[type](data);
  if (status === undefined) return 'no payment or refund was made';
  const notes = Object.entries(metadata).map(([name, value]) => ({ name, value }));
  const news = {
    orderId,
    orderNumber: text.parse(metadata.order_number),
    occurredAt,
    ...addresseeOf('stripe', notes, object.customer),
    // `auto` means that the browser's language is used.
    locale: object.locale === 'auto' ? undefined : object.locale,
    currency: object.currency,
    ...status,
  };
  return [{ id, news }];
};
