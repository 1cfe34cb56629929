import type { SQSEvent } from 'aws-lambda';
import { expect, test } from 'vitest';
import { createClock } from '../../../tools/simulation/clock.ts';
import type { Ending } from '../../../tools/simulation/gate.ts';
import { createQueue, queueSettings } from '../../../tools/simulation/queue.ts';

/** A queue before a consumer that takes a second for each batch. 0.5 as the only random number: nothing comes twice. */
const startQueue = (consume: (bodies: string[], ids: string[]) => Ending<unknown>) => {
  const clock = createClock(0);
  const batches: string[][] = [];
  const deadLetters: string[] = [];
  let running = 0;
  let mostRunning = 0;
  const invoke = async ({ Records }: SQSEvent) => {
    mostRunning = Math.max(mostRunning, ++running);
    const bodies = Records.map(({ body }) => body);
    batches.push(bodies);
    await clock.sleep(1_000);
    running--;
    return consume(
      bodies,
      Records.map(({ messageId }) => messageId),
    );
  };
  const queue = createQueue({
    clock,
    random: () => 0.5,
    consumer: { invoke },
    onDeadLetter: (body) => void deadLetters.push(body),
  });
  return { clock, queue, batches, deadLetters, mostRunning: () => mostRunning };
};

const done: Ending<unknown> = { kind: 'done', result: { batchItemFailures: [] } };

test('messages come in batches of ten at most, to two workers at most, and each is gone when it is done', async () => {
  const { clock, queue, batches, mostRunning } = startQueue(() => done);
  for (let i = 0; i < 45; i++) queue.add(String(i));
  await clock.runUntil(60_000);
  expect(batches.map(({ length }) => length)).toEqual([10, 10, 10, 10, 5]);
  expect(new Set(batches.flat()).size).toBe(45);
  expect(mostRunning()).toBe(2);
  expect(queue.size()).toBe(0);
});

test('only what is reported as failed comes again, when its visibility time-out is over', async () => {
  const { clock, queue, batches } = startQueue((bodies, ids) => ({
    kind: 'done',
    result: {
      batchItemFailures: batches.length === 1 ? [{ itemIdentifier: ids[bodies.indexOf('bad')] }] : [],
    },
  }));
  queue.add('good');
  queue.add('bad');
  await clock.runUntil(queueSettings.visibilityTimeoutMs - 1);
  expect(batches).toEqual([['good', 'bad']]);
  await clock.runUntil(2 * queueSettings.visibilityTimeoutMs);
  expect(batches).toEqual([['good', 'bad'], ['bad']]);
  expect(queue.size()).toBe(0);
});

test('a batch whose worker was killed comes again, five times in all, then goes to the dead-letter queue', async () => {
  const { clock, queue, batches, deadLetters } = startQueue(() => ({ kind: 'killed' }));
  queue.add('deadly');
  await clock.runUntil(10 * queueSettings.visibilityTimeoutMs);
  expect(batches).toEqual(Array(queueSettings.maxReceiveCount).fill(['deadly']));
  expect(deadLetters).toEqual(['deadly']);
  expect(queue.size()).toBe(0);
});
