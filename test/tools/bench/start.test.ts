import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measureStarts } from '../../../tools/bench/start.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('each bundle is loaded in processes of its own, and measured', async () => {
  const folder = await temporaryFolder();
  const bundle = async (name: string, source: string) => {
    const file = join(folder, name);
    await writeFile(file, source);
    return { name, kind: 'yardstick' as const, file };
  };
  const busy = 'const end = performance.now() + 60; while (performance.now() < end);';
  const large = `const kept = Buffer.alloc(100_000_000, 1); globalThis.kept = kept;`;
  const [quick, slow, heavy] = await measureStarts(
    [
      await bundle('quick.mjs', 'export const handler = () => {};'),
      await bundle('slow.cjs', `${busy} module.exports.handler = () => {};`),
      await bundle('heavy.mjs', large),
    ],
    3,
  );
  expect(quick?.bytes).toBe(32);
  expect(slow?.loadMs).toBeGreaterThanOrEqual(60);
  expect(quick?.loadMs).toBeLessThan(slow?.loadMs ?? 0);
  expect(heavy?.residentBytes).toBeGreaterThan((quick?.residentBytes ?? 0) + 80_000_000);
});

test('a bundle that does not load is told of', async () => {
  const file = join(await temporaryFolder(), 'broken.mjs');
  await writeFile(file, 'throw new Error("broken bundle");');
  await expect(measureStarts([{ name: 'broken', kind: 'yardstick', file }], 1)).rejects.toThrow(
    /broken bundle/,
  );
});
