import { expect, test } from 'vitest';
import { entriesOf, onBus } from '../../../tools/samples/events.ts';

const file = 'events/push-message.example.json';
const now = new Date('2026-11-24T08:00:00Z');

const event = {
  source: 'shop.orders',
  'detail-type': 'order.status_changed',
  time: '2026-01-02T10:00:00Z',
  detail: {
    metadata: { timestamp: '2026-01-02T09:59:59.500Z' },
    data: { occurredAt: '2026-01-02T10:59:00+01:00', estimatedDelivery: '2026-01-05', orderId: '20260102' },
  },
};

const sample = (...bodies: unknown[]): string =>
  JSON.stringify({
    Records: bodies.map((body) => ({ body: typeof body === 'string' ? body : JSON.stringify(body) })),
  });

test('a sample becomes entries for the bus, its instants moved to now by the same span, and its days', () => {
  const [entry] = entriesOf(sample(event), { file, now });
  expect(entry).toMatchObject({ Source: 'shop.orders', DetailType: 'order.status_changed', Time: now });
  expect(JSON.parse(entry?.Detail ?? '')).toEqual({
    metadata: { timestamp: '2026-11-24T07:59:59.500Z' },
    data: { occurredAt: '2026-11-24T07:59:00.000Z', estimatedDelivery: '2026-11-27', orderId: '20260102' },
  });
});

test('what was earlier in a sample stays earlier', () => {
  const earlier = { ...event, time: '2026-01-02T09:00:00Z' };
  const entries = entriesOf(sample(earlier, event), { file, now });
  expect(entries.map(({ Time }) => Time?.toISOString())).toEqual([
    '2026-11-24T07:00:00.000Z',
    '2026-11-24T08:00:00.000Z',
  ]);
});

test('an event without a time is left as it is, and a detail that is no object travels too', () => {
  const entries = entriesOf(sample({ ...event, time: undefined, detail: ['2026-01-02T10:00:00Z'] }), {
    file,
    now,
  });
  expect(entries).toEqual([
    { Source: 'shop.orders', DetailType: 'order.status_changed', Detail: '["2026-01-02T10:00:00.000Z"]' },
  ]);
});

test('seconds since 1970 move too, as Stripe has them', () => {
  const stripe = { ...event, detail: { created: Date.parse(event.time) / 1000 } };
  const [entry] = entriesOf(sample(stripe), { file, now });
  expect(entry?.Detail).toBe(JSON.stringify({ created: now.getTime() / 1000 }));
});

test('a partner’s event goes on the bus of its source, any other on the bridge’s own', () => {
  const source = 'aws.partner/stripe.com/ed_local';
  const entries = entriesOf(sample(event, { ...event, source }), { file, now });
  expect(entries.map((entry) => onBus(entry, 'shop').EventBusName)).toEqual(['shop', source]);
});

test.each([
  ['no JSON', '{', `${file} is invalid: not JSON`],
  ['no records', '{"source":"aws.events"}', `${file} is invalid: Records: is missing`],
  ['a body that is not JSON', sample(event, 'oops'), `${file}: the body of record 2 is invalid: not JSON`],
  [
    'a body that is no event',
    sample({ orderId: 1 }),
    `${file}: the body of record 1 is invalid: source: is missing`,
  ],
])('a sample with %s is refused by name', (_, text, message) => {
  expect(() => entriesOf(text, { file, now })).toThrow(message);
});
