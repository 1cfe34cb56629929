import { describe, expect, test } from 'vitest';
import { shopify } from '../../../lib/sources/shopify/shopify.ts';
import { sign } from '../../../tools/samples/webhooks.ts';
import { noon } from '../../support/incoming.ts';
import { opens, webhook } from './opening.ts';
import { arrival, bodyOf, dataOf, readingOf } from './reading.ts';

const order = bodyOf('shopify-order-created');
const paidOrder = bodyOf('shopify-order-paid');
const parcel = bodyOf('shopify-fulfillment-out-for-delivery');
const refund = bodyOf('shopify-refund-created');

const dataFrom = (topic: string, body: unknown) => dataOf(shopify, body, { 'x-shopify-topic': topic });
const oneEventWith = (fields: object) => [expect.objectContaining(fields)];

describe('an order that was placed', () => {
  test.each([
    ['paid', oneEventWith({ status: 'paid' })],
    ['pending', oneEventWith({ status: 'pending' })],
    ['authorized', oneEventWith({ status: 'pending' })],
    ['partially_paid', oneEventWith({ status: 'pending' })],
    ['refunded', 'the order is neither paid nor awaiting payment'],
    ['voided', 'the order is neither paid nor awaiting payment'],
    [null, 'the order is neither paid nor awaiting payment'],
  ])('and is %s has the right status', (financial_status, expected) => {
    expect(dataFrom('orders/create', { ...order, financial_status })).toEqual(expected);
  });

  test('has the time at which it was processed, so an imported order is old', () => {
    const imported = { ...order, processed_at: '2025-03-01T10:00:00+01:00' };
    expect(dataFrom('orders/create', imported)).toEqual(
      oneEventWith({ occurredAt: '2025-03-01T09:00:00.000Z' }),
    );
  });
});

describe('a topic that does not match its body is ignored', () => {
  const cancelled = bodyOf('shopify-order-cancelled');
  test.each([
    ['orders/create', { ...order, cancelled_at: '2026-01-15T09:00:00Z' }, 'the order is already cancelled'],
    ['orders/paid', order, 'the order is not paid'],
    ['orders/paid', { ...paidOrder, cancelled_at: '2026-01-15T09:00:00Z' }, 'the order is not paid'],
    ['orders/paid', cancelled, 'the order is not paid'],
    ['orders/cancelled', paidOrder, 'the order is not cancelled'],
    ['orders/cancelled', parcel, 'the order is not cancelled'],
    ['orders/fulfilled', paidOrder, 'no parcel has been shipped'],
    ['orders/fulfilled', parcel, 'no parcel has been shipped'],
    ['orders/create', parcel, 'the order is neither paid nor awaiting payment'],
    ['orders/create', refund, 'the order is neither paid nor awaiting payment'],
    ['fulfillments/create', paidOrder, 'the body contains no shipment'],
    ['fulfillments/update', refund, 'the parcel has not been shipped'],
    ['refunds/create', parcel, 'no money is returned'],
    ['refunds/create', paidOrder, 'the body contains no refund'],
  ])('%s %#', (topic, body, reason) => expect(dataFrom(topic, body)).toBe(reason));
});

describe('a body without data', () => {
  // An error wrapped as on EventBridge's partner bus, for lack of access.
  const partnerBus = {
    id: 'b4e-1',
    detail: { payload: null, metadata: { 'x-shopify-topic': 'orders/paid' } },
  };
  const topics = [
    ...['orders/create', 'orders/paid', 'orders/fulfilled', 'orders/partially_fulfilled'],
    ...['orders/cancelled', 'fulfillments/create', 'fulfillments/update', 'refunds/create'],
  ];
  const bodies = [null, {}, { id: null }, { id: 7 }, partnerBus, { payload: order }];
  test.each(topics.flatMap((topic) => bodies.map((body) => [topic, body] as const)))(
    'is ignored for the topic %s: %j',
    (topic, body) => expect(dataFrom(topic, body)).toBeTypeOf('string'),
  );
});

test.each([
  ['carts/update', 'unknown topic: carts/update'],
  ['orders/edited', 'orders/edited: changed items are no news'],
  ['orders/updated', 'unknown topic: orders/updated'],
  ['constructor', 'unknown topic: constructor'],
  ['a\nline', 'unknown topic: (not a plain name)'],
])('the topic %j is ignored', (topic, reason) => expect(dataFrom(topic, order)).toBe(reason));

test('the topic comes from the newer header family, and a webhook without a topic is ignored', () => {
  const both = { 'shopify-topic': 'orders/create', 'x-shopify-topic': 'orders/cancelled' };
  expect(dataOf(shopify, order, both)).toEqual(oneEventWith({ status: 'pending' }));
  expect(dataOf(shopify, order)).toMatch(/^unknown topic/);
});

describe('a required field with an invalid value is refused', () => {
  test.each([
    ['orders/create', [order], 'The webhook is invalid: '],
    ['orders/create', 'order', 'The webhook is invalid: '],
    ['orders/create', { ...order, id: {} }, 'id: expected a string or a whole number'],
    ['orders/paid', { ...paidOrder, updated_at: 'yesterday', id: [] }, /^[^;]*id: .*; updated_at: /],
    ['orders/cancelled', { ...order, cancelled_at: '2026-01-15T09:00:00' }, 'cancelled_at: '],
    ['fulfillments/update', { ...parcel, status: 7 }, 'status: '],
    ['refunds/create', { ...refund, created_at: 1768468457 }, 'created_at: '],
    ['orders/create', Buffer.from('{"id":'), 'not valid JSON in UTF-8'],
    ['orders/create', Buffer.from([0x22, 0xff, 0x22]), 'not valid JSON in UTF-8'],
    ['orders/create', Buffer.from('['.repeat(200_000)), 'not valid JSON in UTF-8'],
    ['orders/create', Buffer.from(`${'['.repeat(200_000)}${']'.repeat(200_000)}`), 'not valid JSON in UTF-8'],
  ])('%s %#', (topic, body, message) => {
    expect(() => dataFrom(topic, body)).toThrow(
      expect.objectContaining({
        name: 'InvalidInput',
        message:
          typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
      }),
    );
  });
});

describe('the addressee is', () => {
  const line = (value: unknown) => ({ name: 'Mug', properties: [{ name: 'brevo_visitor_id', value }] });
  const note = (value: unknown) => [{ name: 'brevo_visitor_id', value }];
  test.each([
    ['the visitor stored on the order', note('v1'), [line('v2')], { visitorId: 'v1' }],
    ['the visitor stored on a line item', [], [line(''), line('v2')], { visitorId: 'v2' }],
    ['not an empty visitor id', note('  '), [line('v2')], { visitorId: 'v2' }],
    ['otherwise the customer', note(null), [{ name: 'Mug' }], { customerId: 'shopify:7710294450289' }],
    ['the customer too if the notes are not a list', 'notes', null, { customerId: 'shopify:7710294450289' }],
  ])('%s', (_, note_attributes, line_items, addressee) => {
    const [data] = [dataFrom('orders/create', { ...order, note_attributes, line_items })].flat();
    expect(data).toEqual(expect.objectContaining(addressee));
    expect(Object.keys(data ?? {}).filter((name) => /visitor|customer/.test(name))).toEqual(
      Object.keys(addressee),
    );
  });

  test('nobody, if the order names neither visitor nor customer', () => {
    const anonymous = { ...order, note_attributes: [], line_items: [], customer: null };
    expect(dataFrom('orders/create', anonymous)).toEqual([
      expect.not.objectContaining({ visitorId: expect.anything() }),
    ]);
    expect(JSON.stringify(dataFrom('orders/create', anonymous))).not.toContain('customerId');
  });
});

describe('an invalid detail is left out', () => {
  test.each([
    [{ customer_locale: 7 }, { locale: undefined }],
    [{ total_price_set: null }, { total: 50.5, currency: 'CAD' }],
    [
      { total_price_set: null, total_price: 'much' },
      { total: undefined, currency: 'CAD' },
    ],
    [{ total_price_set: null, currency: 'dollars' }, { currency: undefined }],
    [{ name: { text: '#1001' } }, { orderNumber: undefined }],
    [{ line_items: [{ name: 'Mug', quantity: 0 }, { quantity: 2 }, null] }, { items: [{ name: 'Mug' }] }],
  ])('%j', (change, expected) => {
    const [data] = [dataFrom('orders/create', { ...order, ...change })].flat();
    expect(data).toMatchObject(expected);
  });

  test('an invalid tracking link does not stop the message that the parcel is on its way', () => {
    const broken = { ...parcel, tracking_url: 'javascript:alert(1)', tracking_urls: ['www'] };
    expect(dataFrom('fulfillments/update', broken)).toEqual([
      expect.objectContaining({ trackingUrl: undefined, trackingNumber: '7023210039414604' }),
    ]);
  });
});

test('an id that JavaScript would round is kept exactly', () => {
  const text = JSON.stringify(order).replace('6120478310577', '820982911946154508');
  expect(dataFrom('orders/create', Buffer.from(text))).toEqual(
    oneEventWith({ orderId: '820982911946154508' }),
  );
});

test('a time in the future is replaced with the time of arrival', () => {
  const at = (processed_at: string) =>
    [readingOf(shopify, { ...order, processed_at }, { 'x-shopify-topic': 'orders/create' })].flat()[0];
  expect(at('2026-01-15T09:35:00Z')).toMatchObject({ at: arrival + 300_000 });
  expect(at('2026-01-15T09:35:01Z')).toMatchObject({ at: arrival });
});

test('an event with different data has a different id', () => {
  const idOf = (change: object) =>
    JSON.stringify([readingOf(shopify, { ...order, ...change }, { 'x-shopify-topic': 'orders/create' })]);
  const ids = [{}, { name: '#1' }, { id: 1 }, { customer_locale: 'en' }].map(idOf);
  expect(new Set(ids.map((text) => /"id":"(shopify:[\w-]{43})"/.exec(text)?.[1])).size).toBe(4);
});

describe('the signature', () => {
  test('is also accepted in the newer header, and if both are present only the newer one counts', () => {
    const body = '{"id":1}';
    const { 'x-shopify-hmac-sha256': right = '' } = sign('shopify', { body, now: noon });
    expect(opens('shopify', webhook(body, { 'shopify-hmac-sha256': right }))).toBe(true);
    expect(
      opens('shopify', webhook(body, { 'shopify-hmac-sha256': 'AAAA', 'x-shopify-hmac-sha256': right })),
    ).toBe(false);
  });
});

describe('a parcel', () => {
  test.each([
    [null, 'shipped'],
    ['confirmed', 'shipped'],
    ['label_purchased', 'shipped'],
    ['label_printed', 'shipped'],
    ['carrier_picked_up', 'shipped'],
    ['in_transit', 'shipped'],
    ['out_for_delivery', 'out_for_delivery'],
    ['delayed', 'delayed'],
    ['attempted_delivery', 'delivery_failed'],
    ['failure', 'delivery_failed'],
    ['ready_for_pickup', 'ready_for_pickup'],
    ['delivered', 'delivered'],
    ['picked_up', 'delivered'],
  ])('with the carrier status %s is %s', (shipment_status, status) => {
    expect(dataFrom('fulfillments/create', { ...parcel, shipment_status })).toEqual(oneEventWith({ status }));
  });

  test.each(['lost', 'returning_to_sender', 'toString'])(
    'with the carrier status %s has no message',
    (shipment_status) => {
      expect(dataFrom('fulfillments/update', { ...parcel, shipment_status })).toBe(
        'no message for this shipment status',
      );
    },
  );

  const [line] = [parcel.line_items].flat();
  const giftCard = { ...Object(line), gift_card: true, requires_shipping: true };
  const download = { ...Object(line), gift_card: false, requires_shipping: false };
  const fresh = { ...parcel, shipment_status: null };

  test.each([
    ['a gift card', { line_items: [giftCard] }],
    ['a download, not even with a label', { line_items: [download], shipment_status: 'label_printed' }],
    ['both', { line_items: [giftCard, download] }],
    ['what the customer fetches at the store', { destination: null }],
  ])('is not on its way if it is %s', (_, change) => {
    expect(dataFrom('fulfillments/create', { ...fresh, ...change })).toBe(
      'nothing is on its way to the customer',
    );
  });

  test.each([
    ['a thing beside a gift card', { line_items: [giftCard, line] }],
    ['things that nobody lists', { line_items: [] }],
  ])('is on its way if it is %s', (_, change) => {
    expect(dataFrom('fulfillments/create', { ...fresh, ...change })).toEqual(
      oneEventWith({ status: 'shipped' }),
    );
  });

  test('that the customer fetches at the store is said to be ready, and then to be there', () => {
    const pickup = { ...parcel, destination: null };
    for (const [shipment_status, status] of [
      ['ready_for_pickup', 'ready_for_pickup'],
      ['picked_up', 'delivered'],
    ])
      expect(dataFrom('fulfillments/update', { ...pickup, shipment_status })).toEqual(
        oneEventWith({ status }),
      );
  });

  test('of an order without an address is not on its way', () => {
    const pickup = { ...bodyOf('shopify-order-fulfilled'), shipping_address: null };
    expect(dataFrom('orders/fulfilled', pickup)).toBe('no parcel has been shipped');
  });

  test('that was cancelled is withdrawn', () => {
    expect(dataFrom('fulfillments/update', { ...parcel, status: 'cancelled' })).toEqual([
      { reference: 'order:6120478310577/shipment:5523019661361', occurredAt: '2026-01-15T09:29:51.000Z' },
    ]);
  });

  test.each(['error', 'failure', 'pending', 'open', null])(
    'is not on its way if its fulfilment is %s',
    (status) => {
      expect(dataFrom('fulfillments/update', { ...parcel, status })).toBe('the parcel has not been shipped');
    },
  );

  test.each([
    ['#1001.1', '#1001'],
    ['#1001-F2', '#1001'],
    ['EU-1001.12', 'EU-1001'],
    ['#1001', undefined],
    [null, undefined],
  ])('named %s belongs to %s', (name, orderNumber) => {
    expect(dataFrom('fulfillments/update', { ...parcel, name })).toEqual(oneEventWith({ orderNumber }));
  });

  test('that was cancelled does not affect the other parcels of its order', () => {
    const two = bodyOf('shopify-order-fulfilled');
    const [sent, other] = [two.fulfillments].flat();
    const body = { ...two, fulfillments: [{ ...Object(sent), status: 'cancelled' }, other] };
    expect(dataFrom('orders/partially_fulfilled', body)).toEqual([
      { reference: 'order:6120478310577/shipment:5523019661361', occurredAt: '2026-01-15T09:26:40.000Z' },
      expect.objectContaining({ shipmentId: '5523019694129', status: 'shipped' }),
    ]);
  });
});

describe('a carrier’s event', () => {
  const event = bodyOf('shopify-carrier-ready-for-pickup');
  const told = (change: object) => dataFrom('fulfillment_events/create', { ...event, ...change });

  test.each([
    ['carrier_picked_up', 'shipped'],
    ['in_transit', 'shipped'],
    ['delayed', 'delayed'],
    ['buyer_action_required', 'delayed'],
    ['out_for_delivery', 'out_for_delivery'],
    ['attempted_delivery', 'delivery_failed'],
    ['failure', 'delivery_failed'],
    ['ready_for_recipient_pickup', 'ready_for_pickup'],
    ['delivered', 'delivered'],
    ['picked_up', 'delivered'],
  ])('%s is %s of its parcel', (status, expected) => {
    expect(told({ status })).toEqual([
      {
        orderId: '6120478310577',
        shipmentId: '5523019791111',
        status: expected,
        occurredAt: '2026-01-15T09:29:54.000Z',
      },
    ]);
  });

  test('may name the day of delivery', () => {
    const estimated_delivery_at = '2026-01-17T12:00:00-05:00';
    expect(told({ estimated_delivery_at })).toEqual(
      oneEventWith({ estimatedDelivery: estimated_delivery_at }),
    );
    expect(told({ estimated_delivery_at: 'soon' })).toEqual(oneEventWith({ status: 'ready_for_pickup' }));
  });

  test.each(['label_purchased', 'label_printed', 'confirmed', 'returning_to_sender', null, '__proto__'])(
    '%s has no message',
    (status) => expect(told({ status })).toBe('no message for this carrier event'),
  );

  test('must name its order, its parcel and its time', () => {
    for (const change of [
      { order_id: null },
      { fulfillment_id: null },
      { happened_at: null, created_at: null },
    ])
      expect(told(change)).toBe('the body contains no carrier event');
  });
});

describe('a deleted order', () => {
  test('is withdrawn, unless it was reopened', () => {
    expect(dataFrom('orders/delete', { id: 6120478310577 })).toEqual([
      { reference: 'order:6120478310577', occurredAt: new Date(arrival).toISOString(), unlessReopened: true },
    ]);
  });

  test('is not withdrawn if the body has more than an id, because the topic is unsigned', () => {
    expect(dataFrom('orders/delete', order)).toBe('the body contains no deletion');
  });
});

describe('a refund', () => {
  const payment = { kind: 'refund', status: 'success', amount: '10.10', currency: 'EUR' };
  test.each([
    [
      'has the sum of the returned amounts',
      [payment, { ...payment, amount: '0.20' }],
      { total: 10.3, currency: 'EUR' },
    ],
    ['may be pending', [{ ...payment, status: 'pending' }], { total: 10.1 }],
    [
      'in two currencies has no sum',
      [payment, { ...payment, currency: 'CAD' }],
      { refundId: '1004881608945' },
    ],
    ['of an unknown amount has no sum', [{ ...payment, amount: null }], { status: 'refunded' }],
  ])('%s', (_, transactions, expected) => {
    const [data] = [dataFrom('refunds/create', { ...refund, transactions })].flat();
    expect(data).toMatchObject(expected);
    if (!('total' in expected)) expect(JSON.stringify(data)).not.toContain('total');
  });

  test.each([[[]], [[{ ...payment, status: 'failure' }]], [[{ ...payment, kind: 'void' }]], [null]])(
    'that returns no money is ignored: %j',
    (transactions) => {
      expect(dataFrom('refunds/create', { ...refund, transactions })).toBe('no money is returned');
    },
  );
});
