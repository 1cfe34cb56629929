import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createBundles } from '../../../tools/local/bundles.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const config = (greeting: string) => `export default { greeting: '${greeting}', requests: { limit: 100 } };`;

/** A project of one function that says what the configuration says. */
const startProject = async () => {
  const root = await temporaryFolder();
  const directory = join(root, '.local/bundles');
  const save = (contents: string) => writeFile(join(root, 'bridge.config.ts'), contents);
  await mkdir(join(root, 'functions'));
  await writeFile(
    join(root, 'functions/greet.ts'),
    `import config from '../bridge.config.ts';
export const handler = async (name: string) => \`\${config.greeting} \${name}, \${config.requests.limit}\`;`,
  );
  await save(config('Hello'));
  const bundles = await createBundles({
    root,
    directory,
    entryPoints: ['functions/greet.ts'],
    target: 'node24',
    mainFields: ['module', 'main'],
  });
  onTestFinished(bundles.close);
  const file = await bundles.build();
  // What serverless-offline loads, and keeps.
  const { handler } = await import(pathToFileURL(join(directory, 'functions/greet.mjs')).href);
  return { bundles, save, file, handler, directory };
};

test('a function that is loaded already runs the newest build', async () => {
  const { bundles, save, handler } = await startProject();
  expect(await handler('Ada')).toBe('Hello Ada, 100');
  await save(config('Good evening'));
  await bundles.build();
  expect(await handler('Ada')).toBe('Good evening Ada, 100');
});

test('each build has a configuration of its own', async () => {
  const { bundles, save, file } = await startProject();
  await save(config('Good evening'));
  const { default: former } = await import(pathToFileURL(file).href);
  const { default: newest } = await import(pathToFileURL(await bundles.build()).href);
  expect([former.greeting, newest.greeting]).toEqual(['Hello', 'Good evening']);
});

test('what does not build, or says itself that it is faulty, leaves the former build in use', async () => {
  const { bundles, save, handler } = await startProject();
  await save('export default {');
  await expect(bundles.build()).rejects.toThrow(
    'bridge.config.ts:1:16: ERROR: Expected identifier but found end of file',
  );
  await save("throw new Error('bridge.config.ts is not valid');");
  await expect(bundles.build()).rejects.toThrow('bridge.config.ts is not valid');
  expect(await handler('Ada')).toBe('Hello Ada, 100');
  await save(config('Well'));
  await bundles.build();
  expect(await handler('Ada')).toBe('Well Ada, 100');
});

test('other requests than the file says last until they are given back', async () => {
  const { bundles, handler } = await startProject();
  await bundles.build({ limit: 5, windowSeconds: 60, scope: 'account' });
  expect(await handler('Ada')).toBe('Hello Ada, 5');
  await bundles.build();
  expect(await handler('Ada')).toBe('Hello Ada, 100');
});

test('old builds are thrown away', async () => {
  const { bundles, directory } = await startProject();
  for (const _ of [2, 3, 4]) await bundles.build();
  await expect(readFile(join(directory, '1/bridge.config.mjs'))).rejects.toThrow('ENOENT');
  await readFile(join(directory, '2/bridge.config.mjs'));
});
