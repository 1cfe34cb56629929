import { expect, onTestFinished, test, vi } from 'vitest';
import type { Secrets } from '../../../lib/runtime/secrets.ts';
import { tokenSource } from '../../../lib/sources/own.ts';
import { sources } from '../../../lib/sources/sources.ts';
import { startBus } from '../../../tools/aws/bus.ts';
import { checkParameter, checkSecretValues } from '../../../tools/doctor/secrets.ts';
import { startAws } from '../../support/aws-server.ts';
import { accountAt, nowhere, printed, said } from './doctored.ts';

const name = '/conversations-bridge/test/secrets';
const secrets = { brevoApiKey: 'brevo-s3cret', visitorIdSecret: 'visitor-s3cret' };

/** The parameters of a Systems Manager, by name. */
const checked = async (parameters: Record<string, string>) => {
  const bus = await startBus({
    port: 0,
    buses: [],
    rules: [],
    policies: [],
    queuesUrl: nowhere,
    parameters,
    log: () => {},
    now: () => new Date(),
  });
  onTestFinished(() => bus.close());
  return checkParameter(accountAt({ bus: bus.url }));
};

test('secrets that are as they should be are there to go on with', async () => {
  const { findings, ...rest } = await checked({ [name]: JSON.stringify(secrets) });
  expect(said(findings)).toEqual([`ok: the parameter ${name} exists`]);
  expect(rest).toEqual({ secrets: { ...secrets, apiTokens: [], webhooks: {} }, isReachable: true });
});

test('a parameter that is not there is to be put there', async () => {
  const { findings, ...rest } = await checked({ '/conversations-bridge/prod/secrets': '{}' });
  expect(said(findings)).toEqual([`failure: there is no parameter ${name} in eu-west-1`]);
  expect(printed(findings)).toContain(`--type SecureString --name ${name}`);
  expect(rest).toEqual({ isReachable: true });
});

test('each field at fault is named, and no secret shown', async () => {
  const faulty = { brevoApiKey: '', apiTokens: 's3cret', webhooks: { stripe: [''] } };
  const { findings, secrets: none } = await checked({ [name]: JSON.stringify(faulty) });
  expect(none).toBeUndefined();
  expect(said(findings)).toEqual([
    `ok: the parameter ${name} exists`,
    expect.stringMatching(/^failure: the secrets: brevoApiKey /),
    'failure: the secrets: visitorIdSecret is missing',
    expect.stringMatching(/^failure: the secrets: apiTokens /),
    expect.stringMatching(/^failure: the secrets: webhooks.stripe.0 /),
  ]);
  expect(printed(findings)).not.toContain('s3cret');
});

test('a field that the bridge would pass over is named', async () => {
  const { findings } = await checked({ [name]: JSON.stringify({ ...secrets, apitokens: ['s3cret'] }) });
  expect(said(findings)).toContain('warning: the secrets: apitokens is not a field that the bridge knows');
  expect(printed(findings)).not.toContain('s3cret');
});

test('what is no JSON is said to be none', async () => {
  const { findings } = await checked({ [name]: '{"brevoApiKey": "s3cret"' });
  expect(said(findings)).toContain('failure: the secrets: not JSON');
  expect(printed(findings)).not.toContain('s3cret');
});

test('secrets that lie there unencrypted are a failure, and looked at all the same', async () => {
  const { url } = await startAws(() => ({
    body: { Parameter: { Type: 'String', Value: JSON.stringify(secrets) } },
  }));
  const { findings, secrets: read } = await checkParameter(accountAt({ bus: url }));
  expect(said(findings)).toEqual([`failure: the parameter ${name} is a String: it is stored unencrypted`]);
  expect(read).toMatchObject(secrets);
});

test.each([
  ['AccessDeniedException', 'these credentials lack a permission', true],
  ['ExpiredTokenException', 'AWS refuses these credentials (ExpiredTokenException)', false],
  ['UnrecognizedClientException', 'AWS refuses these credentials (UnrecognizedClientException)', false],
  ['InternalServerError', 'ssm:GetParameter and kms:Decrypt failed: InternalServerError', true],
])('%s is explained', async (type, what, isReachable) => {
  const { url } = await startAws(() => ({ status: 400, body: { __type: type, message: 's3cret' } }));
  const { findings, ...rest } = await checkParameter(accountAt({ bus: url }));
  expect(said(findings)).toEqual([`failure: ${what}`]);
  expect(printed(findings)).not.toContain('s3cret');
  expect(rest).toEqual({ isReachable });
});

test('without credentials it says where they could come from', async () => {
  const account = accountAt({});
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere');
  const { findings, isReachable } = await checkParameter(account);
  expect(said(findings)).toEqual(['failure: there are no AWS credentials']);
  expect(isReachable).toBe(false);
});

test.each([
  [true, 'the local run does not answer'],
  [false, 'AWS does not answer in eu-west-1'],
])('where nothing listens (local: %s) it says so', async (isLocal, what) => {
  const { findings, isReachable } = await checkParameter(accountAt({}, { isLocal }));
  expect(said(findings)).toEqual([`failure: ${what}`]);
  expect(isReachable).toBe(false);
});

const strong = 's3cret-0123456789-0123456789-abc';
const whole = `whsec_${Buffer.from(strong).toString('base64')}`;
const names = Object.keys(sources);
const sound: Secrets = {
  brevoApiKey: 'xkeysib-s3cret',
  visitorIdSecret: strong,
  apiTokens: [strong],
  webhooks: Object.fromEntries(
    names.map((name) => [name, [['standard', 'stripe'].includes(name) ? whole : 's3cret']]),
  ),
};

const check = (given: Partial<Secrets>): string[] => {
  const findings = checkSecretValues({ ...sound, ...given }, sources);
  expect(printed(findings)).not.toContain('s3cret');
  return said(findings).filter((finding) => !finding.startsWith('ok: '));
};

test('good secrets leave nothing to be said but what is open', () => {
  expect(said(checkSecretValues(sound, sources))).toEqual([
    'ok: the HTTP API accepts 1 token',
    `ok: webhooks of ${names.join(', ')} are accepted`,
  ]);
});

test('a secret of no source, and a source whose sender signs nothing, are named', () => {
  const acme = tokenSource({ header: 'x-token', read: () => [] });
  const given = { ...sound, webhooks: { ...sound.webhooks, acme: ['s3cret'], shopee: ['s3cret'] } };
  const findings = said(checkSecretValues(given, { ...sources, acme }));
  expect(findings).toContain('warning: the secrets: webhooks.shopee is the secret of no source');
  expect(findings).toContainEqual(expect.stringMatching(/^warning: webhooks of acme are not signed/));
});

test.each(['xkeysib-…', 'xkeysib-...', '<your key>', 'XXXX', 'changeme', 'change-me', 'secret'])(
  '%s is a placeholder, wherever it stands',
  (placeholder) => {
    const webhooks = { ...sound.webhooks, standard: [whole, placeholder], stripe: [placeholder] };
    const given = { brevoApiKey: placeholder, brevoPartnerKey: placeholder, visitorIdSecret: placeholder };
    const paths = ['brevoApiKey', 'brevoPartnerKey', 'visitorIdSecret', 'apiTokens.1'];
    expect(check({ ...given, apiTokens: [strong, placeholder], webhooks })).toEqual(
      [...paths, 'webhooks.stripe.0', 'webhooks.standard.1'].map(
        (path) => `failure: the secrets: ${path} holds a placeholder`,
      ),
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
    'warning: there are no apiTokens: the HTTP API refuses every request',
  ]);
});

test('sources without a secret refuse their webhooks', () => {
  expect(check({ webhooks: { brevo: ['s3cret'], stripe: [] } })).toEqual([
    `note: webhooks of ${names.filter((name) => name !== 'brevo').join(', ')} are refused: there is no secret`,
  ]);
  expect(check({ webhooks: {} })).toHaveLength(1);
});

test.each(['s3cret', 'whsec_', 'whsec_s3cret!', whole.slice(0, -2), 'whsk_czNjcmV0'])(
  '%s opens nothing for a standard webhook',
  (secret) => {
    expect(check({ webhooks: { ...sound.webhooks, standard: [whole, secret] } })).toEqual([
      'failure: the secrets: one of webhooks.standard is neither whsec_ nor whpk_ with base64, and opens nothing',
    ]);
  },
);

test('a public key opens standard webhooks too, and Stripe’s secret is no API key', () => {
  const standard = [whole.replace('whsec', 'whpk')];
  expect(check({ webhooks: { ...sound.webhooks, standard, stripe: ['sk_live_s3cret'] } })).toEqual([
    'warning: the secrets: one of webhooks.stripe does not begin with whsec_',
  ]);
});
