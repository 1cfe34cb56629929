import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measureWarm, type Warm } from '../../../tools/bench/warm.ts';
import { bundleOf } from '../../support/bundles.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const loads = [
  { name: 'single', batchSize: 1, again: false },
  { name: 'batch', batchSize: 10, again: false },
  { name: 'again', batchSize: 10, again: true },
];

const countOf = ({ requests }: Warm): number =>
  Object.values(requests).reduce((sum, count) => sum + count, 0);

test('a fresh event costs four requests to DynamoDB, five in a batch, a duplicate one and the read that AWS saves', {
  timeout: 60_000,
}, async () => {
  const file = join(await temporaryFolder(), 'push-message.mjs');
  await writeFile(file, await bundleOf('push-message'));
  const contestants = [{ name: 'push-message', kind: 'function' as const, file }];
  const [single, batch, again] = await measureWarm(contestants, loads, { warmUps: 1, rounds: 1, events: 20 });
  if (single === undefined || batch === undefined || again === undefined) throw new Error('too few results');
  expect(countOf(single)).toBeLessThan(4.2);
  expect(countOf(batch)).toBeLessThan(5.2);
  expect(again.requests).toEqual({ UpdateItem: 1, GetItem: 1 });
  expect(single.cpuMs).toBeGreaterThan(0);
  expect(single.logged).toBeGreaterThan(100);
});

test('a function that fails is not measured', { timeout: 60_000 }, async () => {
  const file = join(await temporaryFolder(), 'failing.mjs');
  await writeFile(file, 'export const handler = async () => ({ batchItemFailures: [{}] });');
  const contestants = [{ name: 'failing', kind: 'yardstick' as const, file }];
  await expect(measureWarm(contestants, loads, { warmUps: 0, rounds: 1, events: 10 })).rejects.toThrow(
    /failing: .*failed/,
  );
});
