/** What is packed for the functions: one bundle each, and no secret. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { localSecrets } from '../../tools/local/environment.ts';
import { unzip } from '../support/unzip.ts';
import { all, functionsOf, packagedTemplate } from './template.ts';

const folder = dirname(inject('templateFile'));

const names = readdirSync('functions').map((file) => file.replace(/\.ts$/, ''));

const localValues = (value: unknown = JSON.parse(localSecrets('local-brevo-key'))): string[] =>
  typeof value === 'string' ? [value] : Object.values(Object(value)).flatMap(localValues);

/** How keys look: of Brevo, Stripe, Standard Webhooks, Shopify, AWS, and in PEM. */
const patterns =
  /xkeysib-[\w-]{16,}|[rs]k_(?:live|test)_\w{16,}|whsec_[A-Za-z0-9+/=]{16,}|shp(?:at|ss)_[0-9a-f]{16,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY/;

const secretIn = (text: string): string | undefined =>
  localValues().find((value) => text.includes(value)) ?? patterns.exec(text)?.[0];

const textsIn = async (file: string): Promise<string[]> => {
  const bytes = await readFile(join(folder, file));
  return file.endsWith('.zip') ? Array.from(unzip(bytes).values(), String) : [bytes.toString()];
};

test('every file of functions/ is a function, on Node 24 and arm64, in a role and of a package of its own', async () => {
  const template = await packagedTemplate();
  const functions = all(template, 'AWS::Lambda::Function').map(({ Properties }) => Properties);
  expect(functions.map(({ Handler }) => Handler).toSorted()).toEqual(
    names.map((name) => `functions/${name}.handler`).toSorted(),
  );
  for (const { Handler, Code, ...properties } of functions) {
    expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    expect(Code.S3Key).toMatch(new RegExp(`/${Handler.replace(/^functions\/(.*)\.handler$/, '$1')}\\.zip$`));
  }
  const roles = functionsOf(template).map(({ role }) => role);
  expect(new Set(roles).size).toBe(names.length);
});

test.for(names)('the package of %s is one bundle, without source maps', async (name) => {
  const files = unzip(await readFile(join(folder, `${name}.zip`)));
  expect([...files.keys()]).toEqual([`functions/${name}.mjs`]);
  expect(files.get(`functions/${name}.mjs`)?.toString()).not.toContain('sourceMappingURL=data:');
});

test.for(readdirSync(folder))('%s holds no secret', async (file) => {
  for (const text of await textsIn(file)) expect(secretIn(text)).toBeUndefined();
});

test('the search for secrets finds those of the local run, and what looks like a key', () => {
  expect(localValues().length).toBeGreaterThan(6);
  const keys = [`xkeysib-${'0'.repeat(64)}-x`, 'AKIAIOSFODNN7EXAMPLE', 'sk_live_0123456789abcdef'];
  for (const each of [...localValues(), ...keys]) expect(secretIn(`{"key":"${each}"}`)).toBe(each);
});

test('of the secrets, the template names the parameter alone', async () => {
  const variables = functionsOf(await packagedTemplate()).flatMap((one) => Object.entries(one.variables));
  const suspicious = variables.filter(([name]) => /SECRET|KEY|TOKEN|PASSWORD/.test(name));
  expect(new Set(suspicious.map(([name, value]) => `${name} ${value}`))).toEqual(
    new Set(['SECRETS_PARAMETER /conversations-bridge/test/secrets']),
  );
});
