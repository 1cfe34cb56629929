import { expect, test } from 'vitest';
import { apiDestination } from '../../../tools/bench/delivery/api-destination.ts';
import { burst } from '../../../tools/bench/delivery/day.ts';
import { sdkFunction } from '../../../tools/bench/delivery/sdk-function.ts';
import type { Sender } from '../../../tools/bench/delivery/sender.ts';
import { createClock } from '../../../tools/simulation/clock.ts';
import { envelopeOf } from '../../../tools/simulation/event.ts';
import { createGate } from '../../../tools/simulation/gate.ts';
import { createWitness } from '../../../tools/simulation/network.ts';
import { createRandom } from '../../../tools/simulation/random.ts';
import { statusEvent } from '../../../tools/simulation/world.ts';

/** Long before any agent comes on shift, so that nobody is pinged. */
const midnight = Date.UTC(2026, 1, 2);

const hour = 3_600_000;

/** An event about an order, as EventBridge hands it on. */
const eventOf = (order: string): string => {
  const step = { at: midnight, status: 'paid', edition: 1, epoch: 0 } as const;
  const event = statusEvent(order, step, { id: order, isGuest: true });
  return envelopeOf({ ...event, id: `event-${order}` }, 1, midnight);
};

/**
 * A sender in front of a Brevo that answers as a test wants.
 * @param answer a status, or nothing to let the sender wait until it gives up
 */
const install = async (sender: Sender, answer: (attempt: number) => number | undefined) => {
  const clock = createClock(midnight);
  const witness = createWitness(clock);
  const random = (purpose: string) => createRandom(1, purpose);
  const gate = createGate({ clock, random: random('gate'), killShare: 0, onKill: witness.onKill });
  const requests: { at: number; text: string; path: string }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) =>
    gate.pass(async () => {
      const { text = '' } = JSON.parse(String(init?.body));
      requests.push({ at: clock.now(), text, path: new URL(String(input)).pathname });
      const status = answer(requests.length);
      if (status !== undefined) return { afterMs: 0, read: () => new Response(null, { status }) };
      const read = () => {
        throw new DOMException('given up', 'TimeoutError');
      };
      return { afterMs: sender.patienceMs, read };
    });
  const add = await sender.install({ clock, gate, witness, random, fetch });
  return { add, clock, requests, deadLetters: witness.seen.deadLetters };
};

test('a burst is the first events of its orders, each with its visitor, the same for the same seed', () => {
  const from = Date.UTC(2026, 1, 2, 10);
  const make = (seed: number) => burst(createRandom(seed, 'burst'), { orders: 40, events: 100, from });
  const events = make(1);
  expect(events).toEqual(make(1));
  expect(events).not.toEqual(make(2));
  expect(events).toHaveLength(100);
  const orders = new Set(events.map(({ data }) => JSON.stringify(data).match(/"orderId":"\d+"/)?.[0]));
  expect(orders.size).toBe(40);
  for (const { data } of events) expect(data).toHaveProperty('visitorId');
});

test('the API destination sends one request a second, and a success ends it', async () => {
  const { add, clock, requests } = await install(apiDestination, () => 200);
  for (const order of ['1', '2', '3']) add(eventOf(order));
  await clock.runUntil(midnight + hour);
  expect(requests.map(({ text }) => text)).toEqual([
    'Order 1 is paid, tracking 1-1',
    'Order 2 is paid, tracking 2-1',
    'Order 3 is paid, tracking 3-1',
  ]);
  const gaps = requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? 0));
  for (const gap of gaps) expect(Math.abs(gap - 1_000)).toBeLessThan(1_000);
});

test.for([401, 429, 503] as const)(
  'the API destination retries %i for a day, some 185 times',
  async (status) => {
    const { add, clock, requests } = await install(apiDestination, () => status);
    add(eventOf('1'));
    await clock.runUntil(midnight + 6.5 * hour);
    const first = requests.slice(0, 6).map(({ at }) => at - midnight);
    expect(first.at(-1)).toBeLessThan(60_000);
    // The agents come at seven, and are pinged as well.
    await clock.runUntil(midnight + 48 * hour);
    const messages = requests.filter(({ text }) => text !== '');
    expect(messages.length).toBeGreaterThan(160);
    expect(messages.length).toBeLessThanOrEqual(186);
    expect(messages.at(-1)?.at).toBeLessThanOrEqual(midnight + 24 * hour + 5_000);
  },
);

test('the API destination gives up a refused request, and retries one whose answer was lost', async () => {
  const refused = await install(apiDestination, () => 400);
  refused.add(eventOf('1'));
  await refused.clock.runUntil(midnight + hour);
  expect(refused.requests).toHaveLength(1);
  const lost = await install(apiDestination, (attempt) => (attempt === 1 ? undefined : 200));
  lost.add(eventOf('1'));
  await lost.clock.runUntil(midnight + hour);
  expect(lost.requests).toHaveLength(2);
});

test('the API destination pings each agent on shift every second minute, and retries no ping', async () => {
  const { clock, requests } = await install(apiDestination, () => 429);
  await clock.runUntil(midnight + 24 * hour);
  expect(requests.filter(({ path }) => path.endsWith('/agentOnlinePing'))).toHaveLength(2 * 9 * 30);
});

test.for([408, 429, 500] as const)(
  'the SDK function retries %i after one second and after two',
  async (status) => {
    const { add, clock, requests } = await install(sdkFunction, (attempt) => (attempt < 3 ? status : 200));
    add(eventOf('1'));
    await clock.runUntil(midnight + hour);
    const [first = 0, second = 0, third = 0, ...more] = requests.map(({ at }) => at);
    expect(more).toEqual([]);
    expect(second - first).toBeGreaterThanOrEqual(900);
    expect(third - second).toBeGreaterThanOrEqual(1_800);
    expect(third - first).toBeLessThan(6_000);
  },
);

test('the SDK function makes fifteen requests in five receives, then the message goes to the dead-letter queue', async () => {
  const { add, clock, requests, deadLetters } = await install(sdkFunction, () => 429);
  add(eventOf('1'));
  await clock.runUntil(midnight + 2 * hour);
  expect(requests).toHaveLength(15);
  expect(deadLetters).toEqual([eventOf('1')]);
});

test('the SDK function sends only the message whose answer was lost again, with the next receive', async () => {
  const { add, clock, requests } = await install(sdkFunction, (attempt) => (attempt === 1 ? undefined : 200));
  add(eventOf('1'));
  add(eventOf('2'));
  await clock.runUntil(midnight + hour);
  expect(requests.map(({ text }) => text.slice(0, 7)).toSorted()).toEqual(['Order 1', 'Order 1', 'Order 2']);
});
