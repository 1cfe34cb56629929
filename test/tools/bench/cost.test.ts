import { expect, test } from 'vitest';
import { costOf, type Shape } from '../../../tools/bench/cost.ts';

const warm = {
  contestant: 'c',
  load: 'l',
  cpuMs: 0,
  eventsPerSecond: 0,
  p50: 0,
  p99: 0,
  requests: {},
  units: 0,
  logged: 0,
};

const shape: Shape = {
  batchSize: 10,
  sequence: { dynamoDb: 0, eventBridge: 0, brevo: 0 },
  atOnce: 1,
  busEvents: 1,
  indexUnits: 0,
};

test('what an event needs is paid by the million', () => {
  const cost = costOf({ ...warm, units: 4, logged: 1000 }, { ...shape, busEvents: 2, indexUnits: 3 });
  expect(cost.eventBridge).toBeCloseTo(2);
  expect(cost.sqs).toBeCloseTo(0.48);
  expect(cost.dynamoDb).toBeCloseTo(7 * 0.625);
  expect(cost.logs).toBeCloseTo(0.5);
  expect(cost.lambda).toBeCloseTo(0.02);
  expect(cost.total).toBeCloseTo(2 + 0.48 + 4.375 + 0.5 + 0.02);
});

test('waiting is paid as well, by all who wait at once together', () => {
  const waits = { ...shape, sequence: { dynamoDb: 0, eventBridge: 0, brevo: 1 } };
  const alone = costOf(warm, waits).lambda - costOf(warm, shape).lambda;
  const together = costOf(warm, { ...waits, atOnce: 10 }).lambda - costOf(warm, shape).lambda;
  expect(alone).toBeCloseTo(0.15 * 0.5 * 13.3334);
  expect(together).toBeCloseTo(alone / 10);
});
