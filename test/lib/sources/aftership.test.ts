import { describe, expect, test } from 'vitest';
import { aftership } from '../../../lib/sources/aftership/aftership.ts';
import { opens, webhook } from './opening.ts';
import { arrival, bodyOf, dataOf, readingOf, within } from './reading.ts';

const moved = bodyOf('aftership-ready-for-pickup');
const tracking = within(moved, 'msg');
const told = (change: object, others: object = {}) =>
  dataOf(aftership, { ...moved, ...others, msg: { ...tracking, ...change } });
const oneEventWith = (fields: object) => [expect.objectContaining(fields)];

/** The subtags of a tag, by their numbers. */
const all = (tag: string, numbers: readonly number[], status: string) =>
  numbers.map((number) => [`${tag}_${String(number).padStart(3, '0')}`, status]);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

test.each([
  ...all('InfoReceived', [1], 'processing'),
  ...all('InTransit', upTo(9), 'shipped'),
  ...all('OutForDelivery', [1, 3, 4], 'out_for_delivery'),
  ...all('OutForDelivery', [2], 'ready_for_pickup'),
  ...all('AvailableForPickup', [1], 'ready_for_pickup'),
  ...all('AttemptFail', upTo(3), 'delivery_failed'),
  ...all('Delivered', upTo(5), 'delivered'),
  ...all('Exception', [1, 2, 3, 7, 8, 9, 12, 13], 'delivery_failed'),
  ...all('Exception', [4, 5, 6, 16, 17, 18], 'delayed'),
  ...all('Exception', [10, 11], 'delivery_failed'),
])('the subtag %s is %s', (subtag, status) => {
  expect(told({ tag: subtag.split('_')[0], subtag })).toEqual(oneEventWith({ status }));
});

test.each([...all('Pending', upTo(6), ''), ['Expired_001']])(
  'the subtag %s has no message',
  (subtag = '') => {
    const [tag = ''] = subtag.split('_');
    expect(told({ tag, subtag })).toBe(`no message for the status ${tag}`);
  },
);

test.each([
  ['Exception', 'Exception_099', 'Exception_099'],
  ['Exception', null, 'Exception'],
  ['Teleported', null, 'Teleported'],
  ['Teleported', 'Teleported_001', 'Teleported_001'],
  ['no plain\nname', null, '(not a plain name)'],
])('the tag %j with the subtag %j is unknown, and counted', (tag, subtag, name) =>
  expect(told({ tag, subtag })).toBe(`unknown status: ${name}`),
);

test('a new subtag means what its tag means', () => {
  expect(told({ tag: 'InTransit', subtag: 'InTransit_010' })).toEqual(oneEventWith({ status: 'shipped' }));
});

describe('a webhook', () => {
  // HMAC-SHA256 in base64, as https://www.aftership.com/docs/tracking/webhook/webhook-signature says. Computed by another implementation.
  const body = '{"event":"tracking_update","msg":{"title":"Café"}}';
  const signature = 'y54vpwU1eoKa9MXd1fI1my1jpYw2Wd/l7r96KRyPfHg=';

  test('is genuine if it has the documented signature', () => {
    const given = webhook(body, { 'aftership-hmac-sha256': signature, 'as-webhook-version': '2026-07' });
    expect(opens('aftership', given, ['s3cret'])).toBe(true);
  });

  test.each(['as-signature-hmac-sha256', 'am-webhook-signature'])(
    'is forged if the signature is in the header of another product: %s',
    (header) => expect(opens('aftership', webhook(body, { [header]: signature }), ['s3cret'])).toBe(false),
  );

  test('is forged if it has another secret or body', () => {
    const given = webhook(body, { 'aftership-hmac-sha256': signature });
    expect(opens('aftership', given, ['s3cret2'])).toBe(false);
    expect(opens('aftership', { ...given, body: Buffer.from('{}') }, ['s3cret'])).toBe(false);
  });

  test('that is repeated is the same event, under AfterShip’s own id', () => {
    const events = readingOf(aftership, moved);
    expect(events).toEqual([
      expect.objectContaining({ id: 'aftership:6f0d3b5a-2c1e-4f7a-9b8d-1e2f3a4b5c6d' }),
    ]);
    expect(readingOf(aftership, { ...moved, ts: Number(moved.ts) + 3600 })).toEqual(events);
  });

  test('without an id has one of its data', () => {
    const [event] = [readingOf(aftership, { ...moved, event_id: null })].flat();
    expect(event).toMatchObject({ id: expect.stringMatching(/^aftership:[\w-]{43}$/) });
  });

  const at = (...times: unknown[]) => ({
    checkpoints: times.map((checkpoint_time) => ({ checkpoint_time })),
  });

  test('that comes out of order has the time of its newest checkpoint', () => {
    expect(told(at('2026-01-15T09:00:00+01:00', '2026-01-15T08:30:00Z', '2026-01-15T07:00:00Z'))).toEqual(
      oneEventWith({ occurredAt: '2026-01-15T08:30:00.000Z' }),
    );
  });

  test.each([
    [at('2026-01-15T08:00:00Z', '2026-01-15T10:30:00')],
    [at('2026-01-15T08:00:00Z', null)],
    [at()],
    [{ checkpoints: null }],
    [{ checkpoints: ['x'] }],
  ])('has the time of sending if a checkpoint’s time is unsure: %j', (change) => {
    expect(told(change)).toEqual(oneEventWith({ occurredAt: '2026-01-15T09:29:22.000Z' }));
  });

  test('in the future has the time of arrival', () => {
    const ahead = { ...moved, msg: { ...tracking, ...at(new Date(arrival + 300_001).toISOString()) } };
    expect([readingOf(aftership, ahead)].flat()[0]).toMatchObject({ at: arrival });
  });

  test.each([
    [{ ...moved, event: 'tracking_pending_time' }, 'unknown event: tracking_pending_time'],
    [{}, 'unknown event: (not a plain name)'],
    [{ ...moved, msg: null }, 'the body contains no tracking'],
    [{ ...moved, msg: { ...tracking, tag: 7 } }, 'the body contains no tracking'],
    [{ ...moved, ts: null, msg: { ...tracking, checkpoints: [] } }, 'the body contains no time'],
    [{ ...moved, msg: { ...tracking, tracking_number: null } }, 'the tracking has no number'],
  ])('that says nothing is ignored %#', (given, reason) => expect(dataOf(aftership, given)).toBe(reason));

  test('of another shape is refused', () => {
    expect(() => dataOf(aftership, { ...moved, msg: [] })).toThrow('msg: ');
  });
});

test.each([
  [
    { order_number: null, order_id: 5001 },
    { orderNumber: undefined, orderId: '5001' },
  ],
  [{ slug: 'dhl' }, { carrier: 'DHL' }],
  [{ slug: 'royal-mail' }, { carrier: 'royal-mail' }],
  [{ courier_tracking_link: '' }, { trackingUrl: undefined }],
  [{ latest_estimated_delivery: null }, { estimatedDelivery: undefined }],
  [
    { latest_estimated_delivery: { datetime: '2026-01-18T09:00:00+01:00' } },
    { estimatedDelivery: '2026-01-18' },
  ],
  [{ latest_estimated_delivery: { datetime: 'soon' } }, { estimatedDelivery: undefined }],
])('the details %j are read as %j', (change, expected) => {
  expect([told(change)].flat()[0]).toMatchObject(expected);
});
