import { expect, test } from 'vitest';
import { readEvent } from '../../../lib/bus/events.ts';
import { clocksAhead, envelopeOf } from '../../../tools/simulation/event.ts';
import { createRandom } from '../../../tools/simulation/random.ts';
import { createWorld } from '../../../tools/simulation/world.ts';

const from = Date.UTC(2026, 1, 2, 6);
const hours = { from, to: from + 24 * 3_600_000 };
const world = (seed: number, orders = 300) => createWorld(createRandom(seed, 'world'), { orders, ...hours });

test('the same seed makes the same world, another seed another', () => {
  expect(world(1)).toEqual(world(1));
  expect(world(1)).not.toEqual(world(2));
});

test('events come in the order of time, within the hours, and the bridge can read each', () => {
  const events = world(1);
  for (const [index, event] of events.entries()) {
    expect(event.at).toBeGreaterThanOrEqual(events[index - 1]?.at ?? hours.from);
    expect(event.at).toBeLessThan(hours.to);
    const { metadata } = readEvent(JSON.parse(envelopeOf(event, 1, event.at + 1_000)));
    expect(metadata.id).toBe(event.id);
    expect(metadata.timestamp).toBe(event.at + clocksAhead[event.source]);
  }
});

test('a subject belongs to one visitor, and no two subjects say the same to one', () => {
  const expected = world(1).flatMap((event) => event.expected);
  for (const of of Map.groupBy(expected, ({ reference }) => reference).values()) {
    expect(new Set(of.map(({ visitorId }) => visitorId)).size).toBe(1);
  }
  const said = expected.filter(({ text }) => text !== undefined);
  for (const of of Map.groupBy(said, ({ visitorId, text }) => `${visitorId} ${text}`).values()) {
    expect(new Set(of.map(({ reference }) => reference)).size).toBe(1);
  }
});

test('everything that makes a shop hard happens in it', () => {
  const data = world(1).map((event) => JSON.stringify({ type: event.type, ...event.data }));
  const traits = [
    '"status":"payment_failed"',
    '"status":"on_hold"',
    '"status":"cancelled"',
    '"reopens":true',
    '"shipmentId":"2"',
    '"refundId":"2"',
    '"status":"returned"',
    '"customerId"',
    'announcement.published',
    'notice.requested',
    'notice.withdrawn',
  ];
  for (const trait of traits)
    expect(data.filter((each) => each.includes(trait)).length, trait).toBeGreaterThan(0);
  for (const refund of data.filter((each) => each.includes('"status":"refunded"'))) {
    expect(refund).not.toMatch(/visitorId|customerId/);
  }
});
