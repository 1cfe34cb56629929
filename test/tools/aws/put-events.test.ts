import { expect, test } from 'vitest';
import { acceptEntries } from '../../../tools/aws/put-events.ts';

const clock = { now: () => new Date('2026-11-24T08:15:30.999Z'), newId: () => 'id-1' };
const entry = { Source: 'shop.orders', DetailType: 'order.status_changed', Detail: '{"orderId":"1"}' };

test('an accepted entry becomes the event that targets receive', () => {
  expect(acceptEntries({ Entries: [{ ...entry, EventBusName: 'shop', Resources: ['r'] }] }, clock)).toEqual([
    {
      bus: 'shop',
      event: {
        version: '0',
        id: 'id-1',
        'detail-type': 'order.status_changed',
        source: 'shop.orders',
        account: '000000000000',
        time: '2026-11-24T08:15:30Z',
        region: 'eu-west-1',
        resources: ['r'],
        detail: { orderId: '1' },
      },
    },
  ]);
});

test.each([
  ['seconds since 1970', 1_795_478_400.5],
  ['ISO 8601', '2026-11-24T01:00:00+01:00'],
])("the caller's time is kept, given as %s", (_, Time) => {
  expect(acceptEntries({ Entries: [{ ...entry, Time }] }, clock)).toMatchObject([
    { event: { time: '2026-11-24T00:00:00Z' } },
  ]);
});

test('a bus is named by its ARN, too, and is the default one if not named', () => {
  const EventBusName = 'arn:aws:events:eu-west-1:000000000000:event-bus/shop';
  const [byArn, unnamed] = acceptEntries({ Entries: [{ ...entry, EventBusName }, entry] }, clock);
  expect(byArn).toMatchObject({ bus: 'shop' });
  expect(unnamed).toMatchObject({ bus: 'default' });
});

test.each([
  ['Source', { ...entry, Source: undefined }, 'InvalidArgument'],
  ['DetailType', { ...entry, DetailType: '' }, 'InvalidArgument'],
  ['Detail', { ...entry, Detail: undefined }, 'InvalidArgument'],
  ['Detail', { ...entry, Detail: '[1]' }, 'MalformedDetail'],
  ['Detail', { ...entry, Detail: '"text"' }, 'MalformedDetail'],
  ['Detail', { ...entry, Detail: '{"a":' }, 'MalformedDetail'],
  ['source', { ...entry, Source: 'aws.ec2' }, 'NotAuthorizedForSourceException'],
])('a wrong %s fails its entry alone: %j', (argument, wrong, ErrorCode) => {
  const [failed, accepted] = acceptEntries({ Entries: [wrong, entry] }, clock);
  expect(failed).toEqual({ ErrorCode, ErrorMessage: expect.stringContaining(argument) });
  expect(accepted).toHaveProperty('event');
});

const ofPartner = 'aws.partner/stripe.com/ed_local';

test('the bus of a partner takes the events of its source alone, and no other bus takes those', () => {
  const put = (Source: string, EventBusName: string) =>
    acceptEntries({ Entries: [{ ...entry, Source, EventBusName }] }, clock);
  expect(put(ofPartner, ofPartner)).toMatchObject([{ bus: ofPartner, event: { source: ofPartner } }]);
  const arn = `arn:aws:events:eu-west-1:000000000000:event-bus/${ofPartner}`;
  expect(put(ofPartner, arn)).toMatchObject([{ bus: ofPartner }]);
  for (const [source, bus] of [
    [ofPartner, 'shop'],
    [ofPartner, 'default'],
    [ofPartner, `${ofPartner}2`],
    ['shop.orders', ofPartner],
    ['aws.partner/shopify.com/local/bridge', ofPartner],
  ] as const)
    expect(put(source, bus)).toMatchObject([{ ErrorCode: 'NotAuthorizedForSourceException' }]);
});

test.each([
  ['no entries', []],
  ['eleven entries', Array.from({ length: 11 }, () => entry)],
  ['more than 1 MB', [{ ...entry, Detail: JSON.stringify({ x: 'ü'.repeat(512 * 1024) }) }]],
  ['a time that is none', [{ ...entry, Time: 'yesterday' }]],
])('a request with %s is refused as a whole', (_, Entries) => {
  expect(() => acceptEntries({ Entries }, clock)).toThrow(
    expect.objectContaining({ type: 'ValidationException' }),
  );
});
