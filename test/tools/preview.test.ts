import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

let house: string;

/** A copy of the project with a configuration of its own. */
beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'preview-'));
  await writeFile(join(house, 'package.json'), '{ "type": "module" }');
  await cp('tools/preview.ts', join(house, 'tools/preview.ts'));
  await cp('tools/console', join(house, 'tools/console'), { recursive: true });
  for (const linked of ['lib', 'node_modules'])
    await symlink(join(process.cwd(), linked), join(house, linked));
});
afterAll(() => rm(house, { recursive: true }));

const preview = (script: string, ...args: string[]) =>
  new Promise<{ code: number | string | null | undefined; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
    execFile(process.execPath, [script, ...args], { env, timeout: 20_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });

const previewOf = async (config: string) => {
  await writeFile(
    join(house, 'bridge.config.ts'),
    `import { defineConfig } from './lib/config/config.ts';
import { fr } from './lib/texts/fr.ts';
export default defineConfig(${config});`,
  );
  return preview(join(house, 'tools/preview.ts'));
};

test('the preview prints every text in every locale', async () => {
  const { code, stdout, stderr } = await preview('tools/preview.ts');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.match(/^\S+$/gm)).toEqual(['en', 'fr', 'de', 'es']);
  expect(stdout.match(/^ {2}\S+$/gm)).toHaveLength(56);
  expect(stdout).toContain('    Votre commande 1001 a été livrée.');
});

test('a silent status and a borrowed text are marked', async () => {
  const { stdout } = await previewOf(`{ defaultLocale: 'fr', texts: { fr, de: { paid: null } } }`);
  expect(stdout).toContain('  paid\n    — no message —\n');
  expect(stdout).toContain('  shipped (fr: no text in de)\n    Bonne nouvelle');
});

test('a faulty configuration is explained in plain words, and fails', async () => {
  const { code, stdout, stderr } = await previewOf(
    `{ defaultLocale: 'fr', texts: { fr, de: { paid: () => '' } } }`,
  );
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toBe(
    'bridge.config.ts is not valid:\n' +
      '  texts.de.paid: must not be blank (use null to send no message), for an order with all fields\n',
  );
});

test('what is no fault of the configuration is shown as it is', async () => {
  const { code, stderr } = await previewOf('{ defaultLocale: unheardOf }');
  expect(code).toBe(1);
  expect(stderr).toContain('ReferenceError: unheardOf is not defined');
});

test('a payload is explained instead, with the headers that came with it', async () => {
  const file = join(house, 'order.json');
  const order = { id: 7, name: '#7', financial_status: 'paid', updated_at: '2026-01-15T09:00:00Z' };
  await writeFile(file, JSON.stringify(order));
  const args = ['--event', file, '--source', 'shopify', '--header', 'X-Shopify-Topic: orders/paid'];
  const { stdout } = await preview('tools/preview.ts', ...args);
  expect(stdout).toMatch(/^Notice order:7\n.*too late: .*\n {2}en {4}Thank you! .*#7/ms);
  const missing = await preview('tools/preview.ts', '--event', join(house, 'nothing.json'));
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringMatching(/^ENOENT: .*nothing\.json'\n$/) });
  const unknown = await preview('tools/preview.ts', '--evnt', file);
  expect(unknown.stderr).toMatch(/Unknown option '--evnt'.*\nUsage: npm run preview\n/s);
});
