import { expect, test } from 'vitest';
import { lazily } from '../../../lib/runtime/handler.ts';

test('nothing is built before the first call', () => {
  lazily(() => {
    throw new Error('too early');
  });
});

test('it is built once, however many ask at once', async () => {
  let builds = 0;
  const get = lazily(async () => ({ build: ++builds }));
  const [one, other] = await Promise.all([get(), get()]);
  expect(one).toBe(other);
  expect(await get()).toBe(one);
  expect(builds).toBe(1);
});

test('after a failure it is built again', async () => {
  let builds = 0;
  const get = lazily(async () => {
    if (++builds === 1) throw new Error('not yet');
    return builds;
  });
  const attempts = await Promise.allSettled([get(), get()]);
  expect(attempts.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(builds).toBe(1);
  expect(await get()).toBe(2);
  expect(await get()).toBe(2);
});
