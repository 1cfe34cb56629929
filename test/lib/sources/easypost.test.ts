import { describe, expect, test } from 'vitest';
import { easypost } from '../../../lib/sources/easypost/easypost.ts';
import { opens, webhook } from './opening.ts';
import { arrival, bodyOf, dataOf, readingOf, within } from './reading.ts';

const moved = bodyOf('easypost-delivered');
const tracker = within(moved, 'result');
const told = (change: object) => dataOf(easypost, { ...moved, result: { ...tracker, ...change } });
const oneEventWith = (fields: object) => [expect.objectContaining(fields)];

test.each([
  ['pre_transit', 'processing'],
  ['in_transit', 'shipped'],
  ['out_for_delivery', 'out_for_delivery'],
  ['available_for_pickup', 'ready_for_pickup'],
  ['delivered', 'delivered'],
  ['return_to_sender', 'delivery_failed'],
  ['failure', 'delivery_failed'],
])('the status %s is %s', (status, expected) => {
  expect(told({ status, status_detail: 'status_update' })).toEqual(oneEventWith({ status: expected }));
});

test.each(['unknown', 'cancelled', 'error'])('the status %s has no message', (status) =>
  expect(told({ status })).toBe(`no message for the status ${status}`),
);

test.each([
  ['teleported', 'teleported'],
  ['__proto__', '__proto__'],
  ['no plain\nname', '(not a plain name)'],
])('the status %j is unknown, and counted', (status, name) =>
  expect(told({ status })).toBe(`unknown status: ${name}`),
);

describe('the detail of a status', () => {
  test.each([
    ['pre_transit', 'delayed', 'delayed'],
    ['in_transit', 'delayed', 'delayed'],
    ['in_transit', 'weather_delay', 'delayed'],
    ['out_for_delivery', 'delayed', 'delayed'],
    ['delivered', 'weather_delay', 'delivered'],
    ['failure', 'delayed', 'delivery_failed'],
  ])('%s with %s is %s', (status, status_detail, expected) => {
    expect(told({ status, status_detail })).toEqual(oneEventWith({ status: expected }));
  });

  test.each([
    ...['address_correction', 'arrived_at_destination', 'arrived_at_facility', 'arrived_at_pickup_location'],
    ...['awaiting_information', 'cancelled', 'damaged', 'delivery_exception', 'departed_facility'],
    ...['departed_origin_facility', 'expired', 'failure', 'held', 'in_transit', 'label_created', 'lost'],
    ...['missorted', 'out_for_delivery', 'received_at_destination_facility', 'refused', 'return'],
    ...['received_at_origin_facility', 'status_update', 'transferred_to_destination_carrier'],
    ...['transit_exception', 'unknown', 'a_new_one'],
  ])('%s changes nothing', (status_detail) => {
    expect(told({ status: 'in_transit', status_detail })).toEqual(oneEventWith({ status: 'shipped' }));
  });
});

describe('a webhook', () => {
  // As EasyPost's own libraries sign: HMAC-SHA256 with the secret in NFKD. Computed by another implementation.
  const body = '{"description":"tracker.updated","result":{"weight":614.0}}';
  const signature = 'hmac-sha256-hex=1cd29ffde933a1ac0996631bbce159febcb18a2a93ab45a06cb30a4e20ed0c2c';
  const given = (header: string, text = body) => webhook(text, { 'x-hmac-signature': header });

  test('is genuine by its signature, however its secret is written in Unicode', () => {
    for (const secret of ['s\u00e9cret', 'se\u0301cret'])
      expect(opens('easypost', given(signature), [secret])).toBe(true);
  });

  test('is forged if it has another secret, another body, or none of the prefix', () => {
    expect(opens('easypost', given(signature), ['secret'])).toBe(false);
    expect(opens('easypost', given(signature, body.replace('.0', '')), ['s\u00e9cret'])).toBe(false);
    expect(opens('easypost', given(signature.replace(/.*=/, '')), ['s\u00e9cret'])).toBe(false);
    expect(opens('easypost', given(signature.replace('256', '512')), ['s\u00e9cret'])).toBe(false);
    expect(opens('easypost', webhook(body, {}), ['s\u00e9cret'])).toBe(false);
  });

  test('that is repeated is the same event, under EasyPost’s own id', () => {
    const events = readingOf(easypost, moved);
    expect(events).toEqual([expect.objectContaining({ id: 'easypost:evt_2b3c4d5e6f70' })]);
    expect(readingOf(easypost, { ...moved, status: 'completed' })).toEqual(events);
    const [nameless] = [readingOf(easypost, { ...moved, id: null })].flat();
    expect(nameless).toMatchObject({ id: expect.stringMatching(/^easypost:[\w-]{43}$/) });
  });

  test('that comes out of order has the time of the newest of its details', () => {
    const tracking_details = [
      '2026-01-15T08:30:00Z',
      '2026-01-15T09:10:00Z',
      null,
      '2026-01-15T09:00:00Z',
    ].map((datetime) => ({ datetime }));
    expect(told({ tracking_details })).toEqual(oneEventWith({ occurredAt: '2026-01-15T09:10:00.000Z' }));
    expect(told({ tracking_details: [] })).toEqual(oneEventWith({ occurredAt: '2026-01-15T09:29:31.000Z' }));
  });

  test('in the future has the time of arrival', () => {
    const updated_at = new Date(arrival + 300_001).toISOString();
    const ahead = { ...moved, result: { ...tracker, updated_at, tracking_details: null } };
    expect([readingOf(easypost, ahead)].flat()[0]).toMatchObject({ at: arrival });
  });

  test.each([
    [{ ...moved, description: 'batch.created' }, 'unknown event: batch.created'],
    [{}, 'unknown event: (not a plain name)'],
    [{ ...moved, mode: 'test' }, 'an event of the test mode'],
    [{ ...moved, result: null }, 'the body contains no tracker'],
    [{ ...moved, result: { ...tracker, status: null } }, 'the body contains no tracker'],
    [{ ...moved, result: { ...tracker, is_return: true } }, 'the parcel comes from the customer'],
    [{ ...moved, result: { ...tracker, tracking_code: '' } }, 'the tracker has no tracking code'],
    [
      { ...moved, result: { ...tracker, tracking_details: [], updated_at: 'now' } },
      'the body contains no time',
    ],
  ])('that says nothing is ignored %#', (event, reason) => expect(dataOf(easypost, event)).toBe(reason));

  test('of another shape is refused', () => {
    expect(() => dataOf(easypost, { ...moved, result: { ...tracker, status: 7 } })).toThrow(
      'result.status: ',
    );
  });
});

test.each([
  [{ carrier: 'DHLExpress' }, { carrier: 'DHLExpress' }],
  [
    { carrier: 'USPS', public_url: 'www' },
    { carrier: 'USPS', trackingUrl: undefined },
  ],
  [{ est_delivery_date: null }, { estimatedDelivery: undefined }],
])('the details %j are read as %j', (change, expected) => {
  expect([told(change)].flat()[0]).toMatchObject(expected);
});
