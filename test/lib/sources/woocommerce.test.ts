import { describe, expect, test } from 'vitest';
import { woocommerce } from '../../../lib/sources/woocommerce/woocommerce.ts';
import { noon } from '../../support/incoming.ts';
import { opens, webhook } from './opening.ts';
import { bodyOf, dataOf, readingOf } from './reading.ts';

const order = bodyOf('woocommerce-order-created');
const dataFrom = (topic: string, body: unknown) => dataOf(woocommerce, body, { 'x-wc-webhook-topic': topic });
const oneEventWith = (fields: object) => [expect.objectContaining(fields)];

test.each([
  ['pending', 'pending'],
  ['failed', 'payment_failed'],
  ['on-hold', 'on_hold'],
  ['processing', 'paid'],
  ['completed', 'completed'],
  ['cancelled', 'cancelled'],
  ['refunded', 'refunded'],
  ['shipped', 'shipped'],
  ['wc-out-for-delivery', 'out-for-delivery'],
  ['Partial-Shipped', 'partial-shipped'],
])('an order with the status %s is reported as %s', (status, expected) => {
  expect(dataFrom('order.updated', { ...order, status })).toEqual(oneEventWith({ status: expected }));
});

test.each(['checkout-draft', 'auto-draft', 'draft', 'trash', 'wc-', 'two words'])(
  'an order with the status %s has no message',
  (status) => {
    expect(dataFrom('order.created', { ...order, status })).toBe('no message for this status');
  },
);

test('an order paid on delivery is processing without being paid', () => {
  expect(dataFrom('order.created', { ...order, date_paid_gmt: null })).toEqual(
    oneEventWith({ status: 'processing' }),
  );
});

describe('the time of an order', () => {
  test.each([
    ['2026-01-15T09:27:05', '2026-01-15T09:27:05.000Z'],
    ['2026-01-15T09:27:05Z', '2026-01-15T09:27:05.000Z'],
    [null, '2026-01-15T09:12:33.000Z'],
  ])('%s is in UTC: %s', (date_modified_gmt, occurredAt) => {
    expect(dataFrom('order.updated', { ...order, date_modified_gmt })).toEqual(oneEventWith({ occurredAt }));
  });

  test('is required', () => {
    const timeless = { ...order, date_modified_gmt: null, date_created_gmt: null };
    expect(dataFrom('order.updated', timeless)).toBe('the body contains no time');
  });
});

describe('an order of version 1 of the API', () => {
  const { date_created_gmt: _, date_modified_gmt: __, date_paid_gmt: ___, meta_data: ____, ...v1 } = order;
  const dated = { ...v1, date_created: '2026-01-15T09:12:33', date_modified: '2026-01-15T09:27:05' };

  test('has its times in UTC', () => {
    expect(dataFrom('order.updated', { ...dated, date_paid: '2026-01-15T09:12:40' })).toEqual(
      oneEventWith({ status: 'paid', occurredAt: '2026-01-15T09:27:05.000Z' }),
    );
    expect(dataFrom('order.created', { ...dated, date_modified: null, date_paid: null })).toEqual(
      oneEventWith({ status: 'processing', occurredAt: '2026-01-15T09:12:33.000Z' }),
    );
    const undated = { ...v1, date_created: 7, date_modified: 'yesterday' };
    expect(dataFrom('order.created', undated)).toBe('the body contains no time');
  });
});

describe('a refund', () => {
  const refunds = [
    { id: 50, reason: '', total: '-12.00' },
    { id: 51, total: '-3.5' },
  ];
  const status = 'completed';

  test('of a part is a separate event, each time the order is told', () => {
    const told = dataFrom('order.updated', { ...order, status, refunds });
    expect(told).toMatchObject([
      { status: 'completed', total: 44.8 },
      { status: 'refunded', refundId: '50', total: 12 },
      { status: 'refunded', refundId: '51', total: 3.5, locale: 'de', currency: 'EUR' },
    ]);
    expect(dataFrom('order.updated', { ...order, status, refunds })).toEqual(told);
  });

  test('of the rest is told once, and not by the status of the order too', () => {
    expect(dataFrom('order.updated', { ...order, status: 'refunded', refunds })).toMatchObject([
      { refundId: '50' },
      { refundId: '51' },
    ]);
  });

  test('of an unknown amount has none', () => {
    const [, told] = [
      dataFrom('order.updated', { ...order, status, refunds: [{ id: 1, total: 'x' }, {}] }),
    ].flat();
    expect(told).toMatchObject({ refundId: '1', total: undefined });
  });
});

describe('the addressee is', () => {
  const noted = (value: unknown) => [null, { key: 'brevo_visitor_id', value }];
  test.each([
    ['the stored visitor', { meta_data: noted(' v1 ') }, { visitorId: 'v1' }],
    ['otherwise the customer', { meta_data: noted('') }, { customerId: 'woocommerce:17' }],
    ['nobody for a guest', { customer_id: 0 }, { customerId: undefined }],
  ])('%s', (_, change, expected) => {
    expect(dataFrom('order.updated', { ...order, ...change })).toEqual(oneEventWith(expected));
  });
});

describe('the parcel', () => {
  const noted = (value: unknown) => ({
    ...order,
    meta_data: [{ key: '_wc_shipment_tracking_items', value }],
  });
  const first = { tracking_provider: 'dhl', tracking_number: '1', custom_tracking_link: '' };
  const second = {
    tracking_provider: 'dhl',
    custom_tracking_provider: 'Der Bote',
    tracking_number: '2',
    custom_tracking_link: 'https://tracking.example.com/2',
  };
  const nothing = { carrier: undefined, trackingNumber: undefined, trackingUrl: undefined };
  const last = { carrier: 'Der Bote', trackingNumber: '2', trackingUrl: 'https://tracking.example.com/2' };
  test.each([
    ['stored last counts', [first, second], last],
    ['may be stored in an object', { 1: first, 2: second }, last],
    ['may have no link', [first], { carrier: 'dhl', trackingNumber: '1', trackingUrl: undefined }],
    ['may be missing from the list', [], nothing],
    ['may be missing altogether', null, nothing],
    ['is left out if it is invalid', ['x', 7, null], nothing],
  ])('%s', (_, value, expected) => {
    const [data] = [dataFrom('order.updated', noted(value))].flat();
    expect({ ...nothing, ...Object(data) }).toMatchObject(expected);
  });
});

describe('a deleted order', () => {
  test('is withdrawn, with the same event for every delivery', () => {
    const events = readingOf(woocommerce, { id: 5002 }, { 'x-wc-webhook-topic': 'order.deleted' });
    expect(events).toEqual([
      expect.objectContaining({ type: 'notice.withdrawn', id: 'woocommerce:order:5002:deleted' }),
    ]);
  });

  test('is not withdrawn if the body has more than an id, because the topic is unsigned', () => {
    expect(dataFrom('order.deleted', order)).toBe('the body contains no deletion');
    expect(dataFrom('order.updated', { id: 5002 })).toBe('the body contains no order');
  });

  test('is reopened when it is restored', () => {
    expect(dataFrom('order.restored', order)).toEqual(oneEventWith({ status: 'paid', reopens: true }));
    expect(dataFrom('order.updated', order)).toEqual([expect.not.objectContaining({ reopens: true })]);
  });
});

test.each([
  ['order.created', null, 'the body contains no order'],
  ['order.created', {}, 'the body contains no order'],
  ['order.deleted', null, 'the body contains no deletion'],
  ['product.updated', order, 'unknown topic: product.updated'],
  ['', order, 'unknown topic: (not a plain name)'],
])('the topic %j with %j is ignored', (topic, body, reason) => expect(dataFrom(topic, body)).toBe(reason));

test.each([
  ['order.created', [], 'The webhook is invalid'],
  ['order.updated', { ...order, id: '5001/x' }, 'id: '],
  ['order.updated', { ...order, date_modified_gmt: 'now', status: 7 }, 'status: '],
  ['order.deleted', { id: -1 }, 'id: '],
  ['order.updated', Buffer.from('webhook_id=7'), 'not valid JSON in UTF-8'],
])('%s with an invalid body is refused %#', (topic, body, message) => {
  expect(() => dataFrom(topic, body)).toThrow(message);
});

describe('the ping at set-up', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  test('is unsigned, and accepted if a secret is configured', () => {
    const ping = webhook('webhook_id=5', form);
    expect(opens('woocommerce', ping)).toBe(true);
    expect(opens('woocommerce', ping, [])).toBe(false);
    expect(woocommerce.read(ping, noon)).toEqual({ kind: 'ignored', reason: 'ping' });
  });

  test.each([
    ['webhook_id=5&id=7', form],
    ['webhook_id=x', form],
    ['webhook_id=5', { 'content-type': 'application/json' }],
    ['webhook_id=5', { ...form, 'x-wc-webhook-signature': 'AAAA' }],
  ])('is the only unsigned webhook that is accepted: %s %j', (body, headers) => {
    expect(opens('woocommerce', webhook(body, headers))).toBe(false);
  });
});
