import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { InvalidInput } from '../../../lib/runtime/parse.ts';
import { commercetools } from '../../../lib/sources/commercetools/partner.ts';
import { partnerSample } from '../../support/partner-samples.ts';

const arrival = Date.parse('2026-01-15T09:30:00Z');
const anyObject = z.record(z.string(), z.unknown());
const { detail: created } = partnerSample('commercetools-partner-order-created').envelope;
const { order } = z.object({ order: anyObject }).parse(created);

/** The data of a message's news, or why there is none. */
const said = (type: string, fields: object = {}) => {
  const { order: _, ...common } = created;
  const reading = commercetools({ ...common, type, ...fields }, arrival);
  if (reading.kind === 'ignored') return reading.reason;
  return z.array(anyObject).parse(reading.events.map(({ data }) => data));
};

const inShort = (type: string, fields: object = {}) => {
  const read = said(type, fields);
  return typeof read === 'string' ? read : read[0]?.status;
};

const tracked = (isReturn: boolean) => ({ trackingId: '3SABC', carrier: 'DHL', isReturn });
const returned = (paymentState: string) => ({ returnInfo: { items: [{ id: 'r-1', paymentState }] } });

test.each<[string, object, string]>([
  ['OrderStateChanged', { orderState: 'Open' }, 'pending'],
  ['OrderStateChanged', { orderState: 'Confirmed' }, 'processing'],
  ['OrderStateChanged', { orderState: 'Complete' }, 'Complete'],
  ['OrderStateChanged', { orderState: 'Cancelled' }, 'cancelled'],
  ['OrderStateChanged', { orderState: 'Teleported' }, 'Teleported'],
  ['OrderStateChanged', { orderState: 'on\nthe loose' }, 'OrderStateChanged: no message for this state'],
  ['OrderPaymentStateChanged', { paymentState: 'BalanceDue' }, 'pending'],
  ['OrderPaymentStateChanged', { paymentState: 'Pending' }, 'pending'],
  ['OrderPaymentStateChanged', { paymentState: 'Failed' }, 'payment_failed'],
  ['OrderPaymentStateChanged', { paymentState: 'Paid' }, 'paid'],
  [
    'OrderPaymentStateChanged',
    { paymentState: 'CreditOwed' },
    'OrderPaymentStateChanged: no message for this state',
  ],
  [
    'OrderShipmentStateChanged',
    { shipmentState: 'Pending' },
    'OrderShipmentStateChanged: no message for this state',
  ],
  ['OrderShipmentStateChanged', { shipmentState: 'Ready' }, 'processing'],
  ['OrderShipmentStateChanged', { shipmentState: 'Backorder' }, 'delayed'],
  ['OrderShipmentStateChanged', { shipmentState: 'Delayed' }, 'delayed'],
  ['OrderShipmentStateChanged', { shipmentState: 'Partial' }, 'shipped'],
  ['OrderShipmentStateChanged', { shipmentState: 'Shipped' }, 'shipped'],
  ['OrderShipmentStateChanged', { shipmentState: 'Delivered' }, 'delivered'],
  [
    'OrderShipmentStateChanged',
    { shipmentState: 'Canceled' },
    'OrderShipmentStateChanged: no message for this state',
  ],
  ['DeliveryAdded', {}, 'DeliveryAdded: its parcels follow'],
  ['ParcelAddedToDelivery', { parcel: { id: 'p-1' } }, 'shipped'],
  ['ParcelAddedToDelivery', {}, 'the message contains no parcel'],
  ['ParcelTrackingDataUpdated', { parcelId: 'p-1', trackingData: tracked(false) }, 'shipped'],
  [
    'ParcelTrackingDataUpdated',
    { parcelId: 'p-1', trackingData: tracked(true) },
    'the parcel is on its way back to the shop',
  ],
  [
    'OrderReturnShipmentStateChanged',
    { returnShipmentState: 'Advised' },
    'OrderReturnShipmentStateChanged: no message for this state',
  ],
  ['OrderReturnShipmentStateChanged', { returnShipmentState: 'Returned' }, 'returned'],
  ['ReturnInfoAdded', returned('Initial'), 'no money is returned'],
  ['ReturnInfoAdded', returned('Refunded'), 'refunded'],
  ['OrderStateTransition', {}, 'OrderStateTransition: a state of your own is named by its id only'],
  ['OrderCustomerSet', {}, 'OrderCustomerSet: no state of the order'],
  ['OrderLineItemAdded', {}, 'unknown type: OrderLineItemAdded'],
  ['constructor', {}, 'unknown type: constructor'],
  [
    'PaymentStatusStateTransition',
    { resource: { typeId: 'payment', id: '1' } },
    'PaymentStatusStateTransition: not about an order',
  ],
])('%s with %o is told as %s', (type, fields, expected) => {
  expect(inShort(type, fields)).toBe(expected);
});

test.each<[object, string]>([
  [{ orderState: 'Open', paymentState: undefined }, 'pending'],
  [{ orderState: 'Confirmed', paymentState: undefined }, 'processing'],
  [{ paymentState: 'Failed' }, 'payment_failed'],
  [{ shipmentState: 'Shipped' }, 'shipped'],
  [{ shipmentState: 'Pending' }, 'paid'],
  [{ orderState: 'Cancelled', shipmentState: 'Shipped' }, 'cancelled'],
  [{ orderState: undefined, paymentState: undefined }, 'pending'],
])('a new order with %o is %s', (states, status) => {
  for (const type of ['OrderCreated', 'OrderImported', 'OrderCreatedFromRecurringOrder'])
    expect(inShort(type, { order: { ...order, ...states } })).toBe(status);
});

test('a new order is told with all that later messages do not name', () => {
  expect(said('OrderCreated', { order: { ...order, custom: undefined } })).toEqual([
    {
      orderId: '9f0c3f6e-5a1d-4a53-8a6c-0d8f0c1b2e11',
      orderNumber: 'CT-2001',
      occurredAt: '2026-01-15T09:15:00.000Z',
      status: 'paid',
      customerId: 'commercetools:3b1f5b0e-2c55-4c0a-9a61-1a2b3c4d5e6f',
      locale: 'de-DE',
      total: 42,
      currency: 'EUR',
      items: [{ name: 'Grüner Tee 玉露 – 100 g', quantity: 2 }],
    },
  ]);
});

test('an imported order has the time at which it was placed, so that years later nothing is told', () => {
  const completedAt = '2019-05-01T10:00:00.000Z';
  expect(said('OrderImported', { order: { ...order, completedAt } })).toMatchObject([
    { occurredAt: completedAt },
  ]);
});

test('a parcel is told under its id, with its tracking', () => {
  expect(
    said('ParcelAddedToDelivery', { parcel: { id: 'p-1', trackingData: tracked(false) } }),
  ).toMatchObject([{ shipmentId: 'p-1', carrier: 'DHL', trackingNumber: '3SABC', orderNumber: 'CT-2001' }]);
});

test('a deleted order withdraws its message', () => {
  expect(said('OrderDeleted')).toEqual([
    { reference: 'order:9f0c3f6e-5a1d-4a53-8a6c-0d8f0c1b2e11', occurredAt: '2026-01-15T09:15:00.000Z' },
  ]);
});

test.each([
  ['no delivery', {}],
  ['a message without a time', { createdAt: undefined }],
  ['a message without a resource', { resource: undefined }],
])('%s is unreadable', (_, fields) => {
  const detail = Object.keys(fields).length === 0 ? {} : { ...created, ...fields };
  expect(() => commercetools(detail, arrival)).toThrow(InvalidInput);
});
