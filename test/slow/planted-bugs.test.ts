import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { textOf } from '../../tools/simulation/aws.ts';
import { withDefaults } from '../../tools/simulation/config.ts';
import type { Network } from '../../tools/simulation/network.ts';
import { simulate } from '../../tools/simulation/report.ts';

// A simulation that finds nothing proves nothing: each of these bugs is put between the bridge and the network, and
// must be seen in the report.

const item = z.looseObject({ Item: z.optional(z.looseObject({ key: z.object({ S: z.string() }) })) });

/** The database takes the writes of these items whatever has come in between. */
const withoutCondition =
  (isMeant: (key: string) => boolean) =>
  (network: Network): Network => ({
    ...network,
    dynamoDb: (request) => {
      const {
        ConditionExpression: _,
        ExpressionAttributeNames: __,
        ExpressionAttributeValues: ___,
        ...put
      } = item.parse(JSON.parse(textOf(request)));
      if (put.Item === undefined || !isMeant(put.Item.key.S)) return network.dynamoDb(request);
      return network.dynamoDb({ ...request, body: JSON.stringify(put) });
    },
  });

/** As the official SDK does it. */
const postingAgain = (network: Network): Network => ({
  ...network,
  fetch: (input, init) =>
    network.fetch(input, init).catch((error: unknown) => {
      if (init?.method !== 'POST') throw error;
      return network.fetch(input, init);
    }),
});

test('a budget that is written without its condition goes over the limit', { timeout: 60_000 }, async () => {
  const options = withDefaults({ orders: 60, hours: 3 });
  const report = await simulate(
    options,
    withoutCondition((key) => key === 'budget'),
  );
  expect(report.requestsOverLimit + report.rateLimited).toBeGreaterThan(0);
});

test('a notice that is claimed and settled without its condition is sent twice, or wastes a request', {
  timeout: 60_000,
}, async () => {
  const options = withDefaults({ orders: 25, hours: 3, seed: 5 });
  const report = await simulate(
    options,
    withoutCondition((key) => key.startsWith('notice#')),
  );
  expect(report.duplicates + report.wasted).toBeGreaterThan(0);
});

test('a post that is repeated after a lost answer is shown twice', { timeout: 60_000 }, async () => {
  const options = withDefaults({ orders: 25, hours: 3, faults: 'harsh', seed: 1 });
  const report = await simulate(options, postingAgain);
  expect(report.duplicates).toBeGreaterThan(0);
});
