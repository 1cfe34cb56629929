import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { localSecrets } from '../../tools/local/environment.ts';
import { unzip } from '../support/unzip.ts';
import { packagedTemplate } from './template.ts';

const folder = dirname(inject('templateFile'));

const localValues = (): string[] => {
  const values = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : Object.values(Object(value)).flatMap(values);
  return values(JSON.parse(localSecrets('local-brevo-key')));
};

/** How keys look: of Brevo, Stripe, Standard Webhooks, Shopify, AWS, and in PEM. */
const patterns =
  /xkeysib-[\w-]{16,}|[rs]k_(?:live|test)_\w{16,}|whsec_[A-Za-z0-9+/=]{16,}|shp(?:at|ss)_[0-9a-f]{16,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY/;

const secretIn = (text: string): string | undefined =>
  localValues().find((value) => text.includes(value)) ?? patterns.exec(text)?.[0];

const packed = async (file: string): Promise<string[]> => {
  const bytes = await readFile(join(folder, file));
  return file.endsWith('.zip') ? Array.from(unzip(bytes).values(), String) : [bytes.toString()];
};

test.for(readdirSync(folder))('%s holds no secret', async (file) => {
  for (const text of await packed(file)) expect(secretIn(text)).toBeUndefined();
});

test('secrets are found', () => {
  expect(localValues().length).toBeGreaterThan(6);
  for (const each of [
    ...localValues(),
    `xkeysib-${'0'.repeat(64)}-x`,
    'AKIAIOSFODNN7EXAMPLE',
    'sk_live_0123456789abcdef',
  ])
    expect(secretIn(`{"key":"${each}"}`)).toBe(each);
});

test('of the secrets, the template names the parameter alone', async () => {
  const { Resources } = await packagedTemplate();
  const variables = Object.values(Resources).flatMap(({ Properties }) =>
    Object.entries(Properties.Environment?.Variables ?? {}),
  );
  const suspicious = variables.filter(([name]) => /SECRET|KEY|TOKEN|PASSWORD/.test(name));
  expect(new Set(suspicious.map(([name, value]) => `${name} ${value}`))).toEqual(
    new Set(['SECRETS_PARAMETER /conversations-bridge/test/secrets']),
  );
});
