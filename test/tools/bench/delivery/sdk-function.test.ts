import { expect, test } from 'vitest';
import { sdkFunction } from '../../../../tools/bench/delivery/sdk-function.ts';
import { eventOf, hour, install, midnight } from './stage.ts';

test.for([408, 429, 500] as const)('%i is tried again after one second and after two', async (status) => {
  const { add, clock, requests } = await install(sdkFunction, (attempt) => (attempt < 3 ? status : 200));
  add(eventOf('1'));
  await clock.runUntil(midnight + hour);
  const [first = 0, second = 0, third = 0, ...more] = requests.map(({ at }) => at);
  expect(more).toEqual([]);
  expect(second - first).toBeGreaterThanOrEqual(900);
  expect(third - second).toBeGreaterThanOrEqual(1_800);
  expect(third - first).toBeLessThan(6_000);
});

test('a message that fails at five receives goes to the dead-letter queue after fifteen requests', async () => {
  const { add, clock, requests, deadLetters } = await install(sdkFunction, () => 429);
  add(eventOf('1'));
  await clock.runUntil(midnight + 2 * hour);
  expect(requests).toHaveLength(15);
  expect(deadLetters).toEqual([eventOf('1')]);
});

test('a lost answer fails the message alone, and it is sent again with the next receive', async () => {
  const { add, clock, requests } = await install(sdkFunction, (attempt) => (attempt === 1 ? undefined : 200));
  add(eventOf('1'));
  add(eventOf('2'));
  await clock.runUntil(midnight + hour);
  expect(requests.map(({ text }) => text.slice(0, 7)).toSorted()).toHaveLength(3);
});
