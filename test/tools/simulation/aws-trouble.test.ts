import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { awsClientSettings } from '../../../lib/runtime/aws-client.ts';
import { type AwsFault, createAwsTrouble, heardOf } from '../../../tools/simulation/aws-trouble.ts';
import { createClock } from '../../../tools/simulation/clock.ts';
import { dynamoDbClient } from '../../../tools/simulation/database.ts';
import { createRandom } from '../../../tools/simulation/random.ts';

const hourMs = 3_600_000;

const troubled = (level: 'none' | 'mild' | 'harsh', seed = 1) =>
  createAwsTrouble((purpose) => createRandom(seed, purpose), { level, from: 0, to: 24 * hourMs });

const worker = () => ({ name: 'a', startedAt: 0, isAlive: true, frozenUntil: 0 });

/** The share of failed requests of workers that make ten each, one a second. */
const failedShare = (level: 'none' | 'mild' | 'harsh', service: 'dynamodb' | 'other' = 'other') => {
  const trouble = troubled(level);
  let failed = 0;
  for (let each = 0; each < 2_000; each++) {
    const one = worker();
    for (let call = 0; call < 10; call++) {
      if (trouble.faultFor(one, service, (each * 10 + call) * 1_000) !== undefined) failed++;
    }
  }
  return failed / 20_000;
};

test('by the level nothing fails, some two per cent or some ten', () => {
  expect(failedShare('none')).toBe(0);
  expect(failedShare('mild')).toBeGreaterThan(0.012);
  expect(failedShare('mild')).toBeLessThan(0.028);
  expect(failedShare('harsh')).toBeGreaterThan(0.07);
  expect(failedShare('harsh')).toBeLessThan(0.13);
});

test('where trouble is harsh DynamoDB is gone for half a minute now and then', () => {
  const trouble = troubled('harsh');
  const isGone = (second: number): boolean =>
    Array.from({ length: 20 }).every(
      () => trouble.faultFor(worker(), 'dynamodb', second * 1_000) !== undefined,
    );
  const gone = Array.from({ length: 24 * 360 }, (_, index) => index * 10).filter(isGone);
  expect(gone.length).toBeGreaterThanOrEqual(6 * 3);
  expect(gone.slice(0, 3).map((second) => second - (gone[0] ?? 0))).toEqual([0, 10, 20]);
});

test('indexes lag by a minute at most, or by ten', () => {
  const longest = (level: 'none' | 'mild' | 'harsh'): number => {
    const { indexLagMs } = troubled(level);
    return Math.max(...Array.from({ length: 5_000 }, indexLagMs));
  };
  expect(longest('none')).toBeLessThanOrEqual(1_000);
  expect(longest('mild')).toBeLessThanOrEqual(60_000);
  expect(longest('mild')).toBeGreaterThan(50_000);
  expect(longest('harsh')).toBeGreaterThan(500_000);
  expect(longest('harsh')).toBeLessThanOrEqual(600_000);
});

/** How often a client asks, and how long it takes, if its requests meet these faults in turn. */
const asked = async (...faults: AwsFault[]) => {
  const clock = createClock(0);
  let requests = 0;
  const client = dynamoDbClient(
    async () => {
      const fault = faults[requests++];
      if (fault === undefined) return { statusCode: 200, headers: {}, body: Buffer.from('{}') };
      const { afterMs, read } = heardOf(fault, 'dynamodb');
      await clock.sleep(afterMs);
      return read();
    },
    { pause: clock.sleep, random: () => 0.5 },
  );
  const answer = client.send(new GetItemCommand({ TableName: 't', Key: { key: { S: 'a' } } })).then(
    () => 'answered' as const,
    (error: Error) => error.name,
  );
  let tookMs = 0;
  const settled = answer.finally(() => {
    tookMs = clock.now();
  });
  await clock.runUntil(60_000);
  return { answer: await settled, requests, tookMs };
};

test('the SDK repeats as it does when deployed, and all its waiting is simulated', async () => {
  expect(await asked()).toEqual({ answer: 'answered', requests: 1, tookMs: 0 });
  expect(await asked('error', 'lost')).toMatchObject({ answer: 'answered', requests: 3 });
  expect(await asked('throttled', 'throttled')).toEqual({
    answer: 'answered',
    requests: 3,
    tookMs: 500 + 1_000,
  });
  expect(await asked('stalled', 'unreachable', 'error')).toMatchObject({
    answer: 'InternalServerError',
    requests: awsClientSettings.maxAttempts,
  });
});
