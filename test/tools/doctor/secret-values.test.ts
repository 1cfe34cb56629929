import { expect, test } from 'vitest';
import type { Secrets } from '../../../lib/runtime/secrets.ts';
import { checkSecretValues } from '../../../tools/doctor/secret-values.ts';
import { printed, said } from './doctored.ts';

const strong = 's3cret-0123456789-0123456789-abc';
const whole = `whsec_${Buffer.from(strong).toString('base64')}`;
const ready: Secrets = {
  brevoApiKey: 'xkeysib-s3cret',
  visitorIdSecret: strong,
  apiTokens: [strong],
  webhooks: {
    brevo: ['s3cret'],
    shopify: ['s3cret'],
    standard: [whole],
    stripe: [whole],
    woocommerce: ['s3cret'],
  },
};

const check = (given: Partial<Secrets>): string[] => {
  const findings = checkSecretValues({ ...ready, ...given });
  expect(printed(findings)).not.toContain('s3cret');
  return said(findings).filter((finding) => !finding.startsWith('ok: '));
};

test('good secrets leave nothing to be said but what is open', () => {
  expect(said(checkSecretValues(ready))).toEqual([
    'ok: the HTTP API opens to 1 tokens',
    'ok: webhooks of shopify, woocommerce, stripe, standard, brevo are taken',
  ]);
});

test.each(['xkeysib-…', 'xkeysib-...', '<your key>', 'XXXX', 'changeme', 'change-me', 'secret'])(
  '%s is a placeholder, wherever it stands',
  (placeholder) => {
    const webhooks = { ...ready.webhooks, standard: [whole, placeholder], stripe: [placeholder] };
    const given = { brevoApiKey: placeholder, brevoPartnerKey: placeholder, visitorIdSecret: placeholder };
    const paths = ['brevoApiKey', 'brevoPartnerKey', 'visitorIdSecret', 'apiTokens.1', 'webhooks.stripe.0'];
    expect(check({ ...given, apiTokens: [strong, placeholder], webhooks })).toEqual(
      [...paths, 'webhooks.standard.1'].map((path) => `failure: the secrets: ${path} holds a placeholder`),
    );
  },
);

test('what could be guessed is warned of', () => {
  const short = strong.slice(1);
  expect(check({ visitorIdSecret: short, apiTokens: [strong, short] })).toEqual(
    ['visitorIdSecret', 'apiTokens.1'].map(
      (path) => `warning: the secrets: ${path} is shorter than 32 characters and might be guessed`,
    ),
  );
});

test('without tokens the HTTP API is closed', () => {
  expect(check({ apiTokens: [] })).toEqual([
    'warning: there are no apiTokens: the HTTP API refuses everybody',
  ]);
});

test('sources without a secret refuse their webhooks', () => {
  expect(check({ webhooks: { brevo: ['s3cret'], stripe: [] } })).toEqual([
    'note: webhooks of shopify, woocommerce, stripe, standard are refused: there is no secret',
  ]);
  expect(check({ webhooks: {} })).toHaveLength(1);
});

test.each(['s3cret', 'whsec_', 'whsec_s3cret!', whole.slice(0, -2), 'whsk_czNjcmV0'])(
  '%s opens nothing for a standard webhook',
  (secret) => {
    expect(check({ webhooks: { ...ready.webhooks, standard: [whole, secret] } })).toEqual([
      'failure: the secrets: one of webhooks.standard is neither whsec_ nor whpk_ with base64, and opens nothing',
    ]);
  },
);

test('a public key opens standard webhooks too, and Stripe’s secret is no API key', () => {
  const standard = [whole.replace('whsec', 'whpk')];
  expect(check({ webhooks: { ...ready.webhooks, standard, stripe: ['sk_live_s3cret'] } })).toEqual([
    'warning: the secrets: one of webhooks.stripe does not begin with whsec_',
  ]);
});
