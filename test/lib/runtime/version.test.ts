import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { version } from '../../../lib/runtime/version.ts';

test('the version is the one in package.json', () => {
  expect(JSON.parse(readFileSync('package.json', 'utf8'))).toMatchObject({ version });
});
