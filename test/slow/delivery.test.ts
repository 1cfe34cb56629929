import { expect, test } from 'vitest';
import { apiDestination } from '../../tools/bench/delivery/api-destination.ts';
import { day } from '../../tools/bench/delivery/day.ts';
import { resultOf, tableOf } from '../../tools/bench/delivery/result.ts';
import { sdkFunction } from '../../tools/bench/delivery/sdk-function.ts';
import { bridge } from '../../tools/bench/delivery/sender.ts';

test('the bridge leaves every chat right; senders without memory do not', { timeout: 60_000 }, async () => {
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
