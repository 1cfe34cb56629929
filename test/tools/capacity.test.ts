import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const capacity = async (): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['tools/capacity.ts']);
  return stdout.trim();
};

test('the table in docs/operations.md is the one that the code computes', async () => {
  const operations = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const [, table] = operations.split('<!-- capacity -->\n');
  // If not: npm run capacity.
  expect(table?.trim()).toBe(await capacity());
});

test('it has a row for each number of agents, and says where they are too many', async () => {
  const rows = (await capacity()).split('\n');
  expect(rows).toHaveLength(9);
  expect(rows[2]).toMatch(/^\| 0 \| \d+ \| \d+ \| \d+ \|$/);
  expect(rows[4]).toMatch(/^\| 2 \| \d+, pings every 2 minutes \| \d+, .* \| \d+, pings each minute \|$/);
  expect(rows[6]).toMatch(/^\| 4 \| refused: `keepOnline: 3` at most \| \d+,/);
});
