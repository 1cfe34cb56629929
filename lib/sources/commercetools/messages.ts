import * as z from 'zod/mini';
import { absent, instant, line, shopId } from '../../bus/fields.ts';
import { orderReference } from '../../bus/reference.ts';
import { parse } from '../../runtime/parse.ts';
import { addresseeOf, currencyCode, detail, details, quantity, text } from '../fields.ts';
import type { OrderNews, Withdrawal } from '../order-news.ts';
import { quoted } from '../source.ts';

/** What a state means; `undefined` is no news. Any other state is passed on, for `statusMap` of bridge.config.ts. */
type Meanings = ReadonlyMap<string, string | undefined>;

/** https://docs.commercetools.com/api/projects/orders#orderstate — `Complete` means different things in different shops. */
const orderStates: Meanings = new Map([
  ['Open', 'pending'],
  ['Confirmed', 'processing'],
  ['Cancelled', 'cancelled'],
]);

const paymentStates: Meanings = new Map([
  ['BalanceDue', 'pending'],
  ['Pending', 'pending'],
  ['Failed', 'payment_failed'],
  ['Paid', 'paid'],
  ['CreditOwed', undefined],
]);

const shipmentStates: Meanings = new Map([
  ['Pending', undefined],
  ['Ready', 'processing'],
  ['Backorder', 'delayed'],
  ['Delayed', 'delayed'],
  ['Partial', 'shipped'],
  ['Shipped', 'shipped'],
  ['Delivered', 'delivered'],
  ['Canceled', undefined],
]);

const returnStates: Meanings = new Map([
  ['Advised', undefined],
  ['Returned', 'returned'],
  ['BackInStock', undefined],
  ['Unusable', undefined],
]);

const meaningOf = (state: string | undefined, meanings: Meanings): string | undefined => {
  if (state === undefined || meanings.has(state)) return meanings.get(state ?? '');
  return /^\w{1,64}$/.test(state) ? state : undefined;
};

/** https://docs.commercetools.com/api/types#centprecisionmoney */
const money = detail(
  z.pipe(
    z.object({
      centAmount: z.int(),
      fractionDigits: z.int().check(z.gte(0), z.lte(20)),
      currencyCode,
    }),
    z.transform(({ centAmount, fractionDigits, currencyCode: currency }) => ({
      total: centAmount / 10 ** fractionDigits,
      currency,
    })),
  ),
);

const localised = detail(z.record(z.string(), z.unknown()));

/** https://docs.commercetools.com/api/projects/orders#order */
const order = z.object({
  customerId: text,
  locale: text,
  createdAt: absent(instant),
  completedAt: absent(instant),
  orderState: text,
  paymentState: text,
  shipmentState: text,
  totalPrice: money,
  taxedPrice: detail(z.object({ totalGross: money })),
  lineItems: details(z.object({ name: localised, quantity })),
  custom: detail(z.object({ fields: z.record(z.string(), z.unknown()) })),
});

const trackingData = detail(z.object({ trackingId: text, carrier: text, isReturn: detail(z.boolean()) }));

/** The fields that the bridge reads of a message about an order. */
const message = z.object({
  id: line,
  type: line,
  createdAt: instant,
  resource: z.object({ typeId: z.string(), id: shopId }),
  resourceUserProvidedIdentifiers: detail(z.object({ orderNumber: text })),
  order: detail(order),
  orderState: text,
  paymentState: text,
  shipmentState: text,
  returnShipmentState: text,
  parcel: detail(z.object({ id: text, trackingData })),
  parcelId: text,
  trackingData,
  returnInfo: detail(z.object({ items: details(z.object({ id: text, paymentState: text })) })),
});
type Message = z.output<typeof message>;

type Told = Partial<Omit<OrderNews, 'orderId' | 'status'>> & { status: string | undefined };

const stated =
  (field: 'orderState' | 'paymentState' | 'shipmentState' | 'returnShipmentState', meanings: Meanings) =>
  (read: Message): Told => ({ status: meaningOf(read[field], meanings) });

/** An order that is imported was placed long ago: what was said about it then is not repeated. */
const placed = ({ order: read, createdAt }: Message): Told | string => {
  if (read === undefined) return 'the message contains no order';
  const { locale, customerId, custom, lineItems } = read;
  const notes = Object.entries(custom?.fields ?? {}).map(([name, value]) => ({ name, value }));
  const isCancelled = read.orderState === 'Cancelled';
  return {
    status: isCancelled
      ? 'cancelled'
      : (meaningOf(read.shipmentState, shipmentStates) ??
        meaningOf(read.paymentState, paymentStates) ??
        meaningOf(read.orderState, orderStates) ??
        'pending'),
    occurredAt: read.completedAt ?? read.createdAt ?? createdAt,
    ...addresseeOf('commercetools', notes, customerId),
    locale,
    ...(read.taxedPrice?.totalGross ?? read.totalPrice),
    items: lineItems.flatMap(({ name, quantity }) => {
      const inLocale = nameIn(name ?? {}, locale);
      return inLocale === undefined ? [] : [{ name: inLocale, quantity }];
    }),
  };
};

/** A localised name in the customer's language, or else in the first one. */
const nameIn = (names: Readonly<Record<string, unknown>>, locale = ''): string | undefined =>
  [locale, locale.split('-')[0] ?? '', ...Object.keys(names)]
    .map((each) => text.parse(Object.hasOwn(names, each) ? names[each] : undefined))
    .find((name) => name !== undefined);

const sent = (shipmentId: string | undefined, tracking: Message['trackingData']): Told | string => {
  if (tracking?.isReturn === true) return 'the parcel is on its way back to the shop';
  if (shipmentId === undefined) return 'the message contains no parcel';
  return { status: 'shipped', shipmentId, carrier: tracking?.carrier, trackingNumber: tracking?.trackingId };
};

const paidBack = ({ returnInfo }: Message): Told | string => {
  const refunded = returnInfo?.items.find(({ paymentState }) => paymentState === 'Refunded');
  return refunded === undefined ? 'no money is returned' : { status: 'refunded', refundId: refunded.id };
};

/** https://docs.commercetools.com/api/projects/messages/order-messages */
const known = new Map<string, (read: Message) => Told | string>([
  ['OrderCreated', placed],
  ['OrderCreatedFromRecurringOrder', placed],
  ['OrderImported', placed],
  ['OrderStateChanged', stated('orderState', orderStates)],
  ['OrderPaymentStateChanged', stated('paymentState', paymentStates)],
  ['OrderShipmentStateChanged', stated('shipmentState', shipmentStates)],
  ['OrderReturnShipmentStateChanged', stated('returnShipmentState', returnStates)],
  ['ParcelAddedToDelivery', ({ parcel }) => sent(parcel?.id, parcel?.trackingData)],
  ['ParcelTrackingDataUpdated', ({ parcelId, trackingData }) => sent(parcelId, trackingData)],
  ['ReturnInfoAdded', paidBack],
  ['DeliveryAdded', () => 'DeliveryAdded: its parcels follow'],
  ['OrderCustomerSet', () => 'OrderCustomerSet: no state of the order'],
  ['OrderStateTransition', () => 'OrderStateTransition: a state of your own is named by its id only'],
]);

/**
 * Reads a message about an order.
 * @returns its news and the message's id, or why there is none
 * @throws {InvalidInput} naming every invalid field
 */
export const newsOf = (detail: unknown): { id: string; news: OrderNews | Withdrawal } | string => {
  const read = parse(message, detail, 'The partner event');
  const { id, type, createdAt, resource, resourceUserProvidedIdentifiers } = read;
  // The resource of a payment's message is the payment, which does not name its order.
  if (resource.typeId !== 'order') return `${quoted(type)}: not about an order`;
  if (type === 'OrderDeleted')
    return { id, news: { reference: orderReference(resource.id), occurredAt: createdAt } };
  const told = known.get(type)?.(read) ?? `unknown type: ${quoted(type)}`;
  if (typeof told === 'string') return told;
  const { status, ...facts } = told;
  if (status === undefined) return `${quoted(type)}: no message for this state`;
  const orderNumber = resourceUserProvidedIdentifiers?.orderNumber;
  return { id, news: { orderId: resource.id, orderNumber, occurredAt: createdAt, ...facts, status } };
};
