import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { median, quantile } from '../../../tools/bench/figures.ts';
import { measureLoads } from '../../../tools/bench/load.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('each bundle is loaded in a process of its own, and measured', async () => {
  const folder = await temporaryFolder();
  const bundle = async (name: string, source: string) => {
    const file = join(folder, name);
    await writeFile(file, source);
    return { name, file };
  };
  const busy = 'const end = performance.now() + 60; while (performance.now() < end);';
  const [quick, slow] = await measureLoads(
    [
      await bundle('quick.mjs', 'export const handler = () => {};'),
      await bundle('slow.cjs', `${busy} module.exports.handler = () => {};`),
    ],
    3,
  );
  expect(quick).toMatchObject({ name: 'quick.mjs', bytes: 32 });
  expect(slow?.loadMs).toBeGreaterThanOrEqual(60);
  expect(quick?.loadMs).toBeLessThan(slow?.loadMs ?? 0);
});

test('a bundle that does not load fails the measurement with its own error', async () => {
  const file = join(await temporaryFolder(), 'broken.mjs');
  await writeFile(file, 'throw new Error("broken bundle");');
  await expect(measureLoads([{ name: 'broken', file }], 1)).rejects.toThrow(/broken bundle/);
});

test('half of the numbers lie below the median, in whatever order they come', () => {
  expect([median([9, 1, 5]), median([4, 1, 2, 3]), median([])]).toEqual([5, 3, Number.NaN]);
  const hundred = Array.from({ length: 101 }, (_, index) => index);
  expect([quantile(hundred, 0.99), quantile(hundred, 1)]).toEqual([99, 100]);
});
