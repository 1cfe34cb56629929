/** Shopify Events, whose order comes from the owner's GraphQL query. */
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { shopify } from '../../../lib/sources/shopify/partner.ts';
import { partnerSample } from '../../support/partner-samples.ts';

const arrival = Date.parse('2026-01-15T09:30:00Z');
const anyObject = z.record(z.string(), z.unknown());

const sample = z
  .object({ payload: z.object({ data: z.object({ order: anyObject }) }), metadata: anyObject })
  .parse(partnerSample('shopify-partner-order-shipped').envelope.detail);

interface Delivery {
  action?: string;
  topic?: string;
  order?: object | null;
  updated?: string[];
  payload?: object;
}

/** What an event says: the data of its news, or why there is none. */
const said = ({ action = 'update', topic = 'Order', order = {}, updated, payload = {} }: Delivery) => {
  const detail = {
    metadata: { ...sample.metadata, 'shopify-topic': topic, 'shopify-action': action },
    payload: {
      ...sample.payload,
      fields_changed: updated && { added: [], updated, removed: [] },
      data: { order: order && { ...sample.payload.data.order, ...order } },
      ...payload,
    },
  };
  const reading = shopify(detail, arrival);
  return reading.kind === 'ignored' ? reading.reason : reading.events.map(({ data }) => data);
};

const inShort = (delivery: Delivery) => {
  const read = said(delivery);
  return typeof read === 'string' ? read : read.map((data) => anyObject.parse(data).status);
};

const financial = ['order.displayFinancialStatus'];
const fulfilment = ['order.displayFulfillmentStatus'];
const refund = {
  id: 'gid://shopify/Refund/1004881608945',
  createdAt: '2026-01-15T09:24:18Z',
  transactions: {
    nodes: [
      {
        kind: 'REFUND',
        status: 'SUCCESS',
        amountSet: { presentmentMoney: { amount: '4.5', currencyCode: 'CAD' } },
      },
    ],
  },
};

test.each<[string, Delivery, unknown]>([
  ['a new order', { action: 'create' }, ['paid']],
  [
    'a new order without payment',
    { action: 'create', order: { displayFinancialStatus: 'PENDING' } },
    ['pending'],
  ],
  ['a payment', { updated: financial }, ['paid']],
  [
    'a refund',
    { updated: financial, order: { displayFinancialStatus: 'PARTIALLY_REFUNDED', refunds: [refund] } },
    ['refunded'],
  ],
  ['a fulfilment', { updated: fulfilment }, ['shipped']],
  [
    'a fulfilment that waits',
    { updated: fulfilment, order: { displayFulfillmentStatus: 'ON_HOLD', fulfillments: [] } },
    ['on_hold'],
  ],
  [
    'a cancellation',
    { updated: ['order.cancelledAt'], order: { cancelledAt: '2026-01-15T09:29:00Z' } },
    ['cancelled'],
  ],
  [
    'an unknown financial status',
    { updated: financial, order: { displayFinancialStatus: 'TELEPORTED' } },
    'the order is not paid',
  ],
  [
    'an unknown fulfilment status',
    { updated: fulfilment, order: { displayFulfillmentStatus: 'TELEPORTED', fulfillments: [] } },
    'no parcel has been shipped',
  ],
  ['an edit of what nobody is told', { updated: ['order.tags'] }, 'no message for these changes'],
  ['all that may have changed', {}, ['paid', 'shipped']],
  ['another topic', { topic: 'Product' }, 'unknown topic: Product'],
  ['another action', { action: 'archive' }, 'unknown action: archive'],
  [
    'no query',
    { payload: { data: undefined } },
    'no order in the event: give the subscription the query of docs/partners.md',
  ],
  [
    'a broken query',
    { order: null, payload: { errors: [{ extensions: { code: 'undefinedField' } }] } },
    "the query failed with undefinedField: correct the subscription's query",
  ],
])('%s', (_, delivery, expected) => {
  expect(inShort(delivery)).toEqual(expected);
});

test.each([
  ['FULFILLED', 'shipped'],
  ['MARKED_AS_FULFILLED', 'shipped'],
  ['LABEL_PRINTED', 'shipped'],
  ['IN_TRANSIT', 'shipped'],
  ['OUT_FOR_DELIVERY', 'out_for_delivery'],
  ['ATTEMPTED_DELIVERY', 'delivery_failed'],
  ['READY_FOR_PICKUP', 'ready_for_pickup'],
  ['DELIVERED', 'delivered'],
  ['PICKED_UP', 'delivered'],
])('a parcel that is %s is told as %s', (displayStatus, status) => {
  const [parcel] = z.array(anyObject).parse(sample.payload.data.order.fulfillments);
  expect(inShort({ updated: fulfilment, order: { fulfillments: [{ ...parcel, displayStatus }] } })).toEqual([
    status,
  ]);
});

test('the parcel is told with the order’s number, customer and language, and with its tracking', () => {
  expect(said({ updated: fulfilment, order: { customAttributes: [] } })).toEqual([
    {
      orderId: '6120478310888',
      orderNumber: '#1003',
      customerId: 'shopify:7061211185329',
      locale: 'fr-CA',
      total: 24.5,
      currency: 'CAD',
      status: 'shipped',
      occurredAt: '2026-01-15T09:28:09.000Z',
      shipmentId: '5523019800001',
      carrier: 'Postes Canada',
      trackingNumber: '7023210039419999',
      trackingUrl: 'https://tracking.example.com/ca/7023210039419999',
      items: [{ name: 'Thé vert 煎茶 🍵', quantity: 1 }],
    },
  ]);
});

test('a cancelled fulfilment takes back what was said of its parcel', () => {
  const [parcel] = z.array(anyObject).parse(sample.payload.data.order.fulfillments);
  const fulfillments = [{ ...parcel, status: 'CANCELLED', displayStatus: 'CANCELED' }];
  expect(said({ updated: fulfilment, order: { fulfillments } })).toEqual([
    { reference: 'order:6120478310888/shipment:5523019800001', occurredAt: '2026-01-15T09:28:09.000Z' },
  ]);
});

test('a refund is told with its amount, under the id that a webhook has', () => {
  expect(
    said({ updated: financial, order: { displayFinancialStatus: 'REFUNDED', refunds: [refund] } }),
  ).toMatchObject([{ refundId: '1004881608945', orderId: '6120478310888', total: 4.5, currency: 'CAD' }]);
});

test.each([
  ['a gift card', { requiresShipping: false, isGiftCard: true }, {}],
  ['what the customer fetches', {}, { shippingAddress: null }],
])('%s is not said to be on its way', (_, lineItem, order) => {
  const [parcel] = z.array(anyObject).parse(sample.payload.data.order.fulfillments);
  const fulfillments = [{ ...parcel, fulfillmentLineItems: { nodes: [{ quantity: 1, lineItem }] } }];
  expect(inShort({ updated: fulfilment, order: { fulfillments, ...order } })).toBe(
    'no parcel has been shipped',
  );
});

test('a deleted order withdraws its message, though no query can find it', () => {
  expect(
    said({
      action: 'delete',
      order: null,
      payload: { query_variables: { orderId: 'gid://shopify/Order/5001' } },
    }),
  ).toEqual([{ reference: 'order:5001', occurredAt: '2026-01-15T09:30:00.000Z', unlessReopened: true }]);
});
