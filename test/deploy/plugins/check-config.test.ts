import { cp, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';

class FrameworkError extends Error {
  readonly code: string;
  constructor(message: string, code: string, options: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The plugin's hooks in a copy of the project with this bridge.config.ts. */
const hooksWith = async (config: string): Promise<Record<string, () => Promise<void>>> => {
  const house = await temporaryFolder();
  await writeFile(join(house, 'package.json'), '{ "type": "module" }');
  await cp('deploy/plugins/check-config.mjs', join(house, 'deploy/plugins/check-config.mjs'));
  await symlink(join(process.cwd(), 'lib'), join(house, 'lib'));
  await writeFile(join(house, 'bridge.config.ts'), config);
  const { default: CheckConfig } = await import(
    pathToFileURL(join(house, 'deploy/plugins/check-config.mjs')).href
  );
  return new CheckConfig({ classes: { Error: FrameworkError } }).hooks;
};

const config = (fields: string) => `import { defineConfig } from './lib/config/config.ts';
import { fr } from './lib/texts/fr.ts';
export default defineConfig(${fields});`;

test('the configuration is checked before anything is packaged, deployed or run locally', async () => {
  const hooks = await hooksWith(config(`{ defaultLocale: 'fr', texts: { fr } }`));
  expect(Object.keys(hooks)).toEqual([
    'before:package:initialize',
    'before:deploy:function:initialize',
    'before:offline:start',
    'before:offline:start:init',
  ]);
  for (const check of Object.values(hooks)) await check();
});

test('a faulty configuration stops the framework with an error of its own that names the field', async () => {
  const hooks = await hooksWith(config(`{ defaultLocale: 'fr', texts: { fr }, freshnessHours: -1 }`));
  for (const check of Object.values(hooks)) {
    const error = await check().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FrameworkError);
    expect(error).toMatchObject({
      code: 'INVALID_BRIDGE_CONFIG',
      message: 'bridge.config.ts is not valid:\n  freshnessHours: Too small: expected number to be >0',
    });
  }
});

test('a configuration that is no TypeScript stops it too', async () => {
  const hooks = await hooksWith('export default = 1');
  await expect(hooks['before:package:initialize']?.()).rejects.toThrow(
    /^bridge.config.ts cannot be loaded: /,
  );
});
