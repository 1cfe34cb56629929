import { describe, expect, test } from 'vitest';
import { shopify } from '../../../lib/sources/shopify/shopify.ts';
import { bodyOf, dataOf } from './reading.ts';

const parcel = bodyOf('shopify-fulfillment-out-for-delivery');
const refund = bodyOf('shopify-refund-created');

const told = (topic: string, body: unknown) => dataOf(shopify, body, { 'x-shopify-topic': topic });
const telling = (fields: object) => [expect.objectContaining(fields)];

describe('a parcel', () => {
  test.each([
    [null, 'shipped'],
    ['confirmed', 'shipped'],
    ['label_purchased', 'shipped'],
    ['label_printed', 'shipped'],
    ['carrier_picked_up', 'shipped'],
    ['in_transit', 'shipped'],
    ['out_for_delivery', 'out_for_delivery'],
    ['delivered', 'delivered'],
  ])('whose carrier says %s is %s', (shipment_status, status) => {
    expect(told('fulfillments/create', { ...parcel, shipment_status })).toEqual(telling({ status }));
  });

  test.each(['attempted_delivery', 'ready_for_pickup', 'failure', 'delayed', 'lost'])(
    'of which nothing is told: %s',
    (shipment_status) => {
      expect(told('fulfillments/update', { ...parcel, shipment_status })).toBe(
        'no message for this shipment status',
      );
    },
  );

  test.each(['cancelled', 'error', 'failure', 'pending', 'open', null])(
    'is not on its way when its fulfilment is %s',
    (status) => {
      expect(told('fulfillments/update', { ...parcel, status })).toBe('nothing has been shipped');
    },
  );

  test.each([
    ['#1001.1', '#1001'],
    ['#1001-F2', '#1001'],
    ['EU-1001.12', 'EU-1001'],
    ['#1001', undefined],
    [null, undefined],
  ])('named %s belongs to %s', (name, orderNumber) => {
    expect(told('fulfillments/update', { ...parcel, name })).toEqual(telling({ orderNumber }));
  });

  test('that was cancelled does not keep back the others of its order', () => {
    const two = bodyOf('shopify-order-fulfilled');
    const [sent, other] = [two.fulfillments].flat();
    const body = { ...two, fulfillments: [{ ...Object(sent), status: 'cancelled' }, other] };
    expect(told('orders/partially_fulfilled', body)).toEqual(telling({ shipmentId: '5523019694129' }));
  });
});

describe('a refund', () => {
  const payment = { kind: 'refund', status: 'success', amount: '10.10', currency: 'EUR' };
  test.each([
    ['sums up what goes back', [payment, { ...payment, amount: '0.20' }], { total: 10.3, currency: 'EUR' }],
    ['may be under way', [{ ...payment, status: 'pending' }], { total: 10.1 }],
    [
      'in two currencies has no sum',
      [payment, { ...payment, currency: 'CAD' }],
      { refundId: '1004881608945' },
    ],
    ['of an unknown amount has no sum', [{ ...payment, amount: null }], { status: 'refunded' }],
  ])('%s', (_, transactions, expected) => {
    const [data] = [told('refunds/create', { ...refund, transactions })].flat();
    expect(data).toMatchObject(expected);
    if (!('total' in expected)) expect(JSON.stringify(data)).not.toContain('total');
  });

  test.each([[[]], [[{ ...payment, status: 'failure' }]], [[{ ...payment, kind: 'void' }]], [null]])(
    'by which no money goes back is not told: %j',
    (transactions) => {
      expect(told('refunds/create', { ...refund, transactions })).toBe('no money goes back');
    },
  );
});
