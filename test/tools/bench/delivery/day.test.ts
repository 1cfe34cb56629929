import { expect, test } from 'vitest';
import { apiDestination } from '../../../../tools/bench/delivery/api-destination.ts';
import { bridge } from '../../../../tools/bench/delivery/bridge.ts';
import { burst } from '../../../../tools/bench/delivery/burst.ts';
import { day } from '../../../../tools/bench/delivery/day.ts';
import { resultOf } from '../../../../tools/bench/delivery/result.ts';
import { sdkFunction } from '../../../../tools/bench/delivery/sdk-function.ts';
import { tableOf } from '../../../../tools/bench/delivery/table.ts';
import { createRandom } from '../../../../tools/simulation/random.ts';

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

test('the bridge tells every order right; who has no memory does not', { timeout: 60_000 }, async () => {
  const options = { seed: 1, orders: 80, events: 240, hours: 5, faults: 'none' } as const;
  const results = [];
  for (const sender of [bridge, apiDestination, sdkFunction])
    results.push({ name: sender.name, result: resultOf(await day(sender, options)) });
  const [ours, ...others] = results.map(({ result }) => result);
  expect(ours).toMatchObject({
    events: 240,
    finalRight: 1,
    lost: 0,
    duplicates: 0,
    regressions: 0,
    rateLimited: 0,
    pingGapsOver180s: 0,
  });
  for (const { finalRight, rateLimited } of others) {
    expect(finalRight).toBeLessThan(1);
    expect(rateLimited).toBeGreaterThan(0);
  }
  expect(tableOf(results)).toContain('| the bridge | 100.0 % | 0 | 0 | 0 | 0 |');
});
