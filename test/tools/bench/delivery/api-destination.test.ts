import { expect, test } from 'vitest';
import { apiDestination } from '../../../../tools/bench/delivery/api-destination.ts';
import { eventOf, hour, install, midnight } from './stage.ts';

test('requests go out a second apart, and a success is the end', async () => {
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

test.for([401, 429, 503] as const)('after %i it tries again for a day, some 185 times', async (status) => {
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
});

test('a refusal is given up, a lost answer is not', async () => {
  const refused = await install(apiDestination, () => 400);
  refused.add(eventOf('1'));
  await refused.clock.runUntil(midnight + hour);
  expect(refused.requests).toHaveLength(1);
  const lost = await install(apiDestination, (attempt) => (attempt === 1 ? undefined : 200));
  lost.add(eventOf('1'));
  await lost.clock.runUntil(midnight + hour);
  expect(lost.requests).toHaveLength(2);
});

test('each agent on shift is pinged every second minute, and no ping is tried again', async () => {
  const { clock, requests } = await install(apiDestination, () => 429);
  await clock.runUntil(midnight + 24 * hour);
  expect(requests.filter(({ path }) => path.endsWith('/agentOnlinePing'))).toHaveLength(2 * 9 * 30);
});
