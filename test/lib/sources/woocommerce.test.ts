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
])('an order that is %s is told as %s', (status, expected) => {
  expect(dataFrom('order.updated', { ...order, status })).toEqual(oneEventWith({ status: expected }));
});

test.each(['checkout-draft', 'auto-draft', 'draft', 'trash', 'wc-', 'two words'])(
  'nothing is told of an order that is %s',
  (status) => {
    expect(dataFrom('order.created', { ...order, status })).toBe('no message for this status');
  },
);

test('an order to be paid on delivery is processed without having been paid', () => {
  expect(dataFrom('order.created', { ...order, date_paid_gmt: null })).toEqual(
    oneEventWith({ status: 'processing' }),
  );
});

describe('when it occurred', () => {
  test.each([
    ['2026-01-15T09:27:05', '2026-01-15T09:27:05.000Z'],
    ['2026-01-15T09:27:05Z', '2026-01-15T09:27:05.000Z'],
    [null, '2026-01-15T09:12:33.000Z'],
  ])('%s is in UTC: %s', (date_modified_gmt, occurredAt) => {
    expect(dataFrom('order.updated', { ...order, date_modified_gmt })).toEqual(oneEventWith({ occurredAt }));
  });

  test('without any time nothing is told', () => {
    const timeless = { ...order, date_modified_gmt: null, date_created_gmt: null };
    expect(dataFrom('order.updated', timeless)).toBe('the body contains no time');
  });
});

describe('who is told', () => {
  const noted = (value: unknown) => [null, { key: 'brevo_visitor_id', value }];
  test.each([
    ['the visitor noted', { meta_data: noted(' v1 ') }, { visitorId: 'v1' }],
    ['else the customer', { meta_data: noted('') }, { customerId: 'woocommerce:17' }],
    ['of whom a guest has no id', { customer_id: 0 }, { customerId: undefined }],
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
    ['noted last counts', [first, second], last],
    ['may be listed in an object', { 1: first, 2: second }, last],
    ['may have no link', [first], { carrier: 'dhl', trackingNumber: '1', trackingUrl: undefined }],
    ['may not be noted', [], nothing],
    ['may not be noted at all', null, nothing],
    ['is none where there is nonsense', ['x', 7, null], nothing],
  ])('%s', (_, value, expected) => {
    const [data] = [dataFrom('order.updated', noted(value))].flat();
    expect({ ...nothing, ...Object(data) }).toMatchObject(expected);
  });
});

describe('an order that is deleted', () => {
  test('takes back what was said of it, by an event that is the same however often it comes', () => {
    const events = readingOf(woocommerce, { id: 5002 }, { 'x-wc-webhook-topic': 'order.deleted' });
    expect(events).toEqual([
      expect.objectContaining({ type: 'notice.withdrawn', id: 'woocommerce:order:5002:deleted' }),
    ]);
  });

  test('is not one of which the body tells more: the topic is unsigned', () => {
    expect(dataFrom('order.deleted', order)).toBe('the body contains no deletion');
    expect(dataFrom('order.updated', { id: 5002 })).toBe('the body contains no order');
  });

  test('reopens when it is restored', () => {
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
])('%j with %j is ignored', (topic, body, reason) => expect(dataFrom(topic, body)).toBe(reason));

test.each([
  ['order.created', [], 'The webhook is invalid'],
  ['order.updated', { ...order, id: '5001/x' }, 'id: '],
  ['order.updated', { ...order, date_modified_gmt: 'now', status: 7 }, 'status: '],
  ['order.deleted', { id: -1 }, 'id: '],
  ['order.updated', Buffer.from('webhook_id=7'), 'not valid JSON in UTF-8'],
])('%s in the wrong shape is refused %#', (topic, body, message) => {
  expect(() => dataFrom(topic, body)).toThrow(message);
});

describe('the set-up', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  test('asks unsigned whether anybody is there, and is told so where a secret is set up', () => {
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
  ])('but nothing else comes unsigned: %s %j', (body, headers) => {
    expect(opens('woocommerce', webhook(body, headers))).toBe(false);
  });
});
