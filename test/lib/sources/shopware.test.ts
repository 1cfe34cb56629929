import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { shopSecret } from '../../../lib/sources/shopware/registration.ts';
import { shopware } from '../../../lib/sources/shopware/shopware.ts';
import { hmacOf } from '../../../lib/sources/signature.ts';
import { opens, webhook } from './opening.ts';
import { arrival, bodyOf, dataOf, readingOf, within } from './reading.ts';

const shipped = bodyOf('shopware-order-shipped');
const paid = bodyOf('shopware-order-paid');
const order = within(shipped, 'data', 'payload', 'order');
const deliveryId = '018f2c5e7a1c7cd38e4f5a6b7c8d9e11';
const [delivery] = [order.deliveries].flat();
const sent = (change: object) => ({ ...Object(delivery), ...change });
const state = (technicalName: string) => ({ stateMachineState: { technicalName } });

/** The body of an event, about the order with some fields changed. */
const body = (event: string, change: object = {}) => ({
  ...shipped,
  data: { event, payload: { order: { ...order, ...change } } },
});
const told = (event: string, change?: object) => dataOf(shopware, body(event, change));
const delivered = 'state_enter.order_delivery.state';
const payment = 'state_enter.order_transaction.state';

test.each([
  ['checkout.order.placed', 'pending'],
  ['state_enter.order.state.open', 'pending'],
  ['state_enter.order.state.in_progress', 'processing'],
  ['state_enter.order.state.cancelled', 'cancelled'],
  [`${delivered}.shipped`, 'shipped'],
  [`${delivered}.shipped_partially`, 'shipped'],
  [`${delivered}.returned`, 'returned'],
  [`${delivered}.returned_partially`, 'returned'],
  [`${payment}.open`, 'pending'],
  [`${payment}.unconfirmed`, 'pending'],
  [`${payment}.reminded`, 'pending'],
  [`${payment}.paid_partially`, 'pending'],
  [`${payment}.paid`, 'paid'],
  [`${payment}.failed`, 'payment_failed'],
  [`${payment}.refunded`, 'refunded'],
  [`${payment}.refunded_partially`, 'refunded'],
])('%s is %s', (event, status) => {
  expect(told(event)).toEqual([
    expect.objectContaining({ status, orderNumber: '10001', occurredAt: '2026-01-15T09:26:40.000Z' }),
  ]);
});

test.each([
  'state_enter.order.state.completed',
  `${delivered}.open`,
  `${delivered}.cancelled`,
  `${payment}.authorized`,
  `${payment}.in_progress`,
  `${payment}.chargeback`,
  `${payment}.cancelled`,
])('%s has no message', (event) => expect(told(event)).toBe(`no message for ${event}`));

test.each([
  ['state_leave.order_delivery.state.shipped', 'unknown event: state_leave.order_delivery.state.shipped'],
  ['state_enter.order.state.engraving', 'unknown event: state_enter.order.state.engraving'],
  ['order.written', 'unknown event: order.written'],
  ['__proto__', 'unknown event: __proto__'],
  ['state_enter\n', 'unknown event: (not a plain name)'],
])('%j is unknown, and counted', (event, reason) => expect(told(event)).toBe(reason));

test('each event of the manifest in docs/webhooks.md has a message', () => {
  const manifest = readFileSync('docs/webhooks.md', 'utf8');
  const events = Array.from(manifest.matchAll(/<webhook .*event="(.*)"/g), ([, event = '']) => event);
  expect(events.length).toBeGreaterThan(10);
  for (const event of events)
    expect(told(event)).toEqual([expect.objectContaining({ orderNumber: '10001' })]);
});

describe('a webhook', () => {
  const given = (secret: string, text = 'body') =>
    webhook('body', { 'shopware-shop-signature': hmacOf(secret, [text]).toString('hex') });

  test('has Shopware’s signature, as the tests of Shopware’s own SDK do', () => {
    const signature = 'dc46983557fea127b43af721467eb9b3fde2338fe3e14f51952aa8478c13d355';
    expect(hmacOf('secret', ['body']).toString('hex')).toBe(signature);
  });

  test('is genuine if it is signed with a secret that a shop got, of any app', () => {
    for (const which of ['first', 'second'] as const)
      expect(opens('shopware', given(shopSecret('app', which)), ['old app', 'app'])).toBe(true);
  });

  test('is forged if it is signed with the app’s secret, another one, for another body or not at all', () => {
    const secret = shopSecret('app', 'first');
    for (const forged of [given('app'), given(secret, 'body2'), given(shopSecret('other app', 'first'))])
      expect(opens('shopware', forged, ['app'])).toBe(false);
    const { 'shopware-shop-signature': signature = '' } = given(secret).headers;
    for (const headers of [
      { 'shopware-app-signature': signature },
      { 'shopware-shop-signature': signature.toUpperCase() },
    ])
      expect(opens('shopware', webhook('body', headers), ['app'])).toBe(false);
  });

  test('that is repeated later is the same event, under Shopware’s own id', () => {
    const [first] = [readingOf(shopware, shipped)].flat();
    expect(first).toMatchObject({ id: 'shopware:018f2c5e7b0172a1b2c3d4e5f6a7b803/0' });
    const anew = { ...shipped, timestamp: Number(shipped.timestamp) + 4 };
    expect([readingOf(shopware, anew)].flat()[0]).toMatchObject({
      id: 'shopware:018f2c5e7b0172a1b2c3d4e5f6a7b803/0',
    });
    for (const source of [null, { eventId: 'e'.repeat(129) }]) {
      const [event] = [readingOf(shopware, { ...shipped, source })].flat();
      expect(event).toMatchObject({ id: expect.stringMatching(/^shopware:[\w-]{43}$/) });
    }
  });

  test('that comes out of order has its own time', () => {
    const times = [shipped, paid].map((each) => [readingOf(shopware, each)].flat()[0]);
    expect(times).toMatchObject([
      { at: Date.parse('2026-01-15T09:26:40Z') },
      { at: Date.parse('2026-01-15T09:20:09Z') },
    ]);
  });

  test('in the future has the time of arrival', () => {
    const ahead = { ...shipped, timestamp: arrival / 1000 + 301 };
    expect([readingOf(shopware, ahead)].flat()[0]).toMatchObject({ at: arrival });
  });

  test.each([
    [{ ...shipped, timestamp: 'now' }, 'the body contains no time'],
    [{ ...shipped, timestamp: -1 }, 'the body contains no time'],
    [{ ...shipped, timestamp: 1e18 }, 'the body contains no time'],
    [{ ...shipped, data: { event: `${payment}.paid`, payload: {} } }, 'the body contains no order'],
    [
      { ...shipped, data: { event: `${payment}.paid`, payload: { order: null } } },
      'the body contains no order',
    ],
    [{ ...shipped, data: { event: 'app.activated', payload: [] } }, 'unknown event: app.activated'],
    [{ apiKey: 'SWIA', secretKey: 'c2VjcmV0', shopId: 'aB3' }, 'the body contains no event'],
  ])('that says too little is ignored %#', (given, reason) => expect(dataOf(shopware, given)).toBe(reason));

  test.each([
    [null, 'The webhook is invalid'],
    [body(`${payment}.paid`, { id: {} }), 'order.id: '],
    [{ ...shipped, data: { event: `${payment}.paid`, payload: [] } }, 'The webhook is invalid'],
  ])('of another shape is refused %#', (given, message) =>
    expect(() => dataOf(shopware, given)).toThrow(message),
  );
});

describe('a delivery', () => {
  const parcel = (change: object) => told(`${delivered}.shipped`, change);

  test('is one parcel, before and after it gets its tracking code', () => {
    const before = parcel({ deliveries: [sent({ trackingCodes: [] })] });
    expect(before).toEqual([expect.objectContaining({ shipmentId: deliveryId })]);
    expect(JSON.stringify(before)).not.toContain('trackingNumber');
    expect(parcel({})).toEqual([
      expect.objectContaining({
        shipmentId: deliveryId,
        trackingNumber: '00340434161094022115',
        trackingUrl: 'https://tracking.example.com/dhl/00340434161094022115',
      }),
    ]);
  });

  test('of two tracking codes is two parcels', () => {
    expect(parcel({ deliveries: [sent({ trackingCodes: ['A', 'B'] })] })).toMatchObject([
      { shipmentId: deliveryId, trackingNumber: 'A' },
      { shipmentId: `${deliveryId}-B`, trackingNumber: 'B' },
    ]);
  });

  test('that was sent later does not take the place of the first', () => {
    const second = sent({ id: 'd2', trackingCodes: ['B'] });
    const still = { ...second, ...state('open') };
    expect(parcel({ deliveries: [sent({}), still] })).toMatchObject([{ shipmentId: deliveryId }]);
    expect(parcel({ deliveries: [sent({}), second] })).toMatchObject([
      { shipmentId: deliveryId, trackingNumber: '00340434161094022115' },
      { shipmentId: 'd2', trackingNumber: 'B' },
    ]);
  });

  test('is told by its tracking code if no states are known', () => {
    const { stateMachineState: _, ...bare } = sent({});
    const discount = { ...bare, id: 'd2', trackingCodes: [] };
    expect(parcel({ deliveries: [discount, bare] })).toMatchObject([{ shipmentId: deliveryId }]);
    const uncoded = { ...bare, trackingCodes: null };
    const [told, ...others] = [parcel({ deliveries: [discount, uncoded] })].flat();
    expect(told).toMatchObject({ status: 'shipped', shipmentId: undefined });
    expect(others).toEqual([]);
  });

  test.each([[null], [[]], ['x'], [[{ id: {} }]]])(
    'that the body does not list is told with its order: %j',
    (deliveries) => {
      expect(parcel({ deliveries })).toEqual([
        expect.objectContaining({ status: 'shipped', shipmentId: undefined }),
      ]);
    },
  );

  test('has no link if its shipping method has no address', () => {
    for (const trackingUrl of [null, '', 'www', 'javascript:%s'])
      expect(parcel({ deliveries: [sent({ shippingMethod: { trackingUrl } })] })).toMatchObject([
        { trackingUrl: undefined, trackingNumber: '00340434161094022115' },
      ]);
    const odd = { trackingCodes: ['A $& B'], shippingMethod: { trackingUrl: 'https://t.example/%s' } };
    expect(parcel({ deliveries: [sent(odd)] })).toMatchObject([
      { trackingUrl: 'https://t.example/A%20%24%26%20B' },
    ]);
  });
});

describe('a refund', () => {
  const { refunded, open } = { refunded: state('refunded'), open: state('cancelled') };
  test.each([
    [
      'the payment that was refunded',
      [
        { id: 't1', ...open },
        { id: 't2', ...refunded },
      ],
      't2',
    ],
    ['the only payment', [{ id: 't1' }], 't1'],
    ['nothing if there are several', [{ id: 't1' }, { id: 't2' }], undefined],
    ['nothing if there is none', null, undefined],
  ])('is known by %s', (_, transactions, refundId) => {
    const [data] = [told(`${payment}.refunded`, { transactions })].flat();
    expect(data).toMatchObject({ status: 'refunded', refundId });
    expect(JSON.stringify(data)).not.toContain('total');
  });
});

describe('the addressee is', () => {
  test.each([
    ['the visitor stored on the order', { customFields: { brevo_visitor_id: ' v1 ' } }, { visitorId: 'v1' }],
    [
      'otherwise the customer',
      { customFields: [] },
      { customerId: 'shopware:018e1b4d6c0a7bc27d3e4f5a6b7c8d91' },
    ],
    ['nobody if neither is known', { orderCustomer: null }, { customerId: undefined }],
  ])('%s', (_, change, expected) => {
    expect(told(`${payment}.paid`, change)).toEqual([expect.objectContaining(expected)]);
  });
});

test('an invalid detail is left out', () => {
  const change = {
    orderNumber: {},
    currency: 'EUR',
    language: { locale: 7 },
    amountTotal: 'much',
    lineItems: [{ label: 'Mug', quantity: 2 }, { label: 'Discount', quantity: 1, type: 'promotion' }, null],
  };
  expect(told(`${payment}.paid`, change)).toEqual([
    {
      orderId: '018f2c5e7a1b7cd38e4f5a6b7c8d9e01',
      customerId: 'shopware:018e1b4d6c0a7bc27d3e4f5a6b7c8d91',
      status: 'paid',
      occurredAt: '2026-01-15T09:26:40.000Z',
      items: [{ name: 'Mug', quantity: 2 }],
    },
  ]);
});
