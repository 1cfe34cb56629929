import { describe, expect, test } from 'vitest';
import { sendcloud } from '../../../lib/sources/sendcloud/sendcloud.ts';
import { opens, webhook } from './opening.ts';
import { arrival, bodyOf, dataOf, readingOf, within } from './reading.ts';

const moved = bodyOf('sendcloud-driver-en-route');
const parcel = within(moved, 'parcel');
const told = (change: object, times: object = {}) =>
  dataOf(sendcloud, { ...moved, ...times, parcel: { ...parcel, ...change } });
const withStatus = (id: unknown) => told({ status: { id, message: 'whatever' } });
const oneEventWith = (fields: object) => [expect.objectContaining(fields)];

test.each([
  [1, 'processing'],
  [3, 'shipped'],
  [4, 'delayed'],
  [5, 'shipped'],
  [6, 'shipped'],
  [7, 'shipped'],
  [8, 'delivery_failed'],
  [11, 'delivered'],
  [12, 'ready_for_pickup'],
  [22, 'shipped'],
  [80, 'delivery_failed'],
  [91, 'shipped'],
  [92, 'out_for_delivery'],
  [93, 'delivered'],
  [62989, 'shipped'],
  [62990, 'shipped'],
  [62991, 'delivery_failed'],
  [62992, 'delivery_failed'],
  [62996, 'delayed'],
  [62997, 'delivery_failed'],
])('the status %i is %s', (id, status) => expect(withStatus(id)).toEqual(oneEventWith({ status })));

test.each([13, 15, 94, 999, 1000, 1001, 1002, 1337, 1998, 1999, 2000, 2001, 62993, 62994, 62995])(
  'the status %i has no message',
  (id) => expect(withStatus(id)).toBe(`no message for the status ${id}`),
);

test.each([0, 2, 62998])('the status %i is unknown, and counted', (id) =>
  expect(withStatus(id)).toBe(`unknown status: ${id}`),
);

describe('a webhook', () => {
  // https://sendcloud.dev/api/v2/webhooks
  const body = '{"key": "value"}';
  const signature = '1eed4b3d41f4653ac64fd56f1bf1cbfd349e4482cbc11dff7134bd93e5da4b0a';

  test('is genuine if it has the documented signature', () => {
    expect(opens('sendcloud', webhook(body, { 'sendcloud-signature': signature }), ['secretkey'])).toBe(true);
  });

  test('is forged if it has another secret, another body, or no signature', () => {
    const given = webhook(body, { 'sendcloud-signature': signature });
    expect(opens('sendcloud', given, ['secretkey2'])).toBe(false);
    expect(opens('sendcloud', { ...given, body: Buffer.from('{"key":"value"}') }, ['secretkey'])).toBe(false);
    expect(opens('sendcloud', webhook(body, {}), ['secretkey'])).toBe(false);
  });

  test('that is repeated later is the same event', () => {
    const later = { ...moved, timestamp: Number(moved.timestamp) + 300_000 };
    expect(readingOf(sendcloud, later)).toEqual(readingOf(sendcloud, moved));
  });

  test('that comes out of order has the time of the carrier', () => {
    const earlier = { carrier_status_change_timestamp: Date.parse('2026-01-15T08:00:00Z') };
    const late = [readingOf(sendcloud, { ...moved, ...earlier })].flat()[0];
    expect(late).toMatchObject({ at: Date.parse('2026-01-15T08:00:00Z') });
  });

  test.each([
    ['milliseconds', { carrier_status_change_timestamp: 1768469000123 }, '2026-01-15T09:23:20.123Z'],
    ['seconds', { carrier_status_change_timestamp: 1768469000 }, '2026-01-15T09:23:20.000Z'],
    [
      'the time of sending, if the carrier gave none',
      { carrier_status_change_timestamp: null },
      '2026-01-15T09:29:10.412Z',
    ],
  ])('may have its time in %s', (_, times, occurredAt) => {
    expect(told({}, times)).toEqual(oneEventWith({ occurredAt }));
  });

  test('in the future has the time of arrival', () => {
    const ahead = { ...moved, carrier_status_change_timestamp: arrival + 300_001 };
    expect([readingOf(sendcloud, ahead)].flat()[0]).toMatchObject({ at: arrival });
  });

  test.each([
    [{ ...moved, action: 'return_created' }, 'unknown action: return_created'],
    [{ ...moved, action: 'integration_connected', parcel: null }, 'unknown action: integration_connected'],
    [{}, 'unknown action: (not a plain name)'],
    [{ ...moved, parcel: null }, 'the body contains no parcel'],
    [{ ...moved, parcel: { ...parcel, status: null } }, 'the body contains no parcel'],
    [{ ...moved, timestamp: 'x', carrier_status_change_timestamp: -1 }, 'the body contains no time'],
    [{ ...moved, parcel: { ...parcel, tracking_number: '' } }, 'the parcel has no tracking number'],
    [{ ...moved, parcel: { ...parcel, is_return: true } }, 'the parcel comes from the customer'],
  ])('that says nothing is ignored %#', (given, reason) => expect(dataOf(sendcloud, given)).toBe(reason));

  test.each([
    [null, 'The webhook is invalid'],
    [{ ...moved, parcel: { ...parcel, status: { id: 'x' } } }, 'parcel.status.id: '],
  ])('of another shape is refused %#', (given, message) =>
    expect(() => dataOf(sendcloud, given)).toThrow(message),
  );
});

test.each([
  [{ order_number: ' #1001 ' }, { orderNumber: '#1001' }],
  [
    { order_number: '', external_order_id: '' },
    { orderNumber: undefined, orderId: undefined },
  ],
  [
    { order_number: 1001, external_order_id: 5001 },
    { orderNumber: '1001', orderId: '5001' },
  ],
  [
    { tracking_url: 'www', carrier: null },
    { trackingUrl: undefined, carrier: undefined },
  ],
  [{ carrier: { code: 'postnl' } }, { carrier: 'PostNL' }],
  [{ carrier: { code: 'mondial_relay' } }, { carrier: 'mondial_relay' }],
])('the details %j are read as %j', (change, expected) => {
  expect([told(change)].flat()[0]).toMatchObject(expected);
});
