import { setImmediate as turn } from 'node:timers/promises';
import { fc, test as lawTest } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { createClock } from '../../../tools/simulation/clock.ts';

lawTest.prop([fc.array(fc.integer({ min: 0, max: 50 }))])(
  'what is due first happens first, and at one moment in the order of the calls',
  async (delays) => {
    const clock = createClock(1_000);
    const happened: { time: number; index: number }[] = [];
    for (const [index, delay] of delays.entries()) {
      clock.after(delay, () => void happened.push({ time: clock.now(), index }));
    }
    await clock.runUntil(2_000);
    const expected = delays.map((delay, index) => ({ time: 1_000 + delay, index }));
    expect(happened).toEqual(expected.toSorted((a, b) => a.time - b.time || a.index - b.index));
    expect(clock.now()).toBe(2_000);
  },
);

test('the next thing happens only when all that the one before set off has come to rest', async () => {
  const clock = createClock(0);
  const happened: string[] = [];
  clock.after(1, async () => {
    happened.push('first');
    void turn().then(() => happened.push('set off by the first'));
  });
  clock.after(1, () => void happened.push('second'));
  await clock.runUntil(1);
  expect(happened).toEqual(['first', 'set off by the first', 'second']);
});

test('what is due later than asked for waits for the next time', async () => {
  const clock = createClock(0);
  const woken: number[] = [];
  void clock.sleep(10).then(() => woken.push(clock.now()));
  await clock.runUntil(9);
  expect(woken).toEqual([]);
  await clock.runUntil(20);
  expect(woken).toEqual([10]);
});
