import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { unzip } from '../support/unzip.ts';
import { all, functionsOf, packagedTemplate } from './template.ts';

const names = readdirSync('functions').map((file) => file.replace(/\.ts$/, ''));

test('every file of functions/ is a function, on Node 24 and arm64, in a role of its own', async () => {
  const template = await packagedTemplate();
  const handlers = all(template, 'AWS::Lambda::Function').map(({ Properties }) => Properties.Handler);
  expect(handlers.toSorted()).toEqual(names.map((name) => `functions/${name}.handler`).toSorted());
  for (const { Properties } of all(template, 'AWS::Lambda::Function'))
    expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  const roles = functionsOf(template).map(({ role }) => role);
  expect(new Set(roles).size).toBe(names.length);
});

test.for(names)('the package of %s is one bundle, without source maps', async (name) => {
  const files = unzip(await readFile(join(dirname(inject('templateFile')), `${name}.zip`)));
  expect([...files.keys()]).toEqual([`functions/${name}.mjs`]);
  expect(files.get(`functions/${name}.mjs`)?.toString()).not.toContain('sourceMappingURL=data:');
});

test('each function’s code is the package of its name', async () => {
  for (const { Properties } of all(await packagedTemplate(), 'AWS::Lambda::Function')) {
    const name = Properties.Handler.replace(/^functions\/(.*)\.handler$/, '$1');
    expect(Properties.Code.S3Key.split('/').at(-1)).toBe(`${name}.zip`);
  }
});
