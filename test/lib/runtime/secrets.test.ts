import { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSecrets } from '../../../lib/runtime/secrets.ts';
import { type AwsAnswer, startAws } from '../../support/aws-server.ts';
import { captureLog } from '../../support/logger.ts';

const parameter = (value: unknown): AwsAnswer => ({
  body: { Parameter: { Value: typeof value === 'string' ? value : JSON.stringify(value) } },
});
const first = {
  brevoApiKey: 'key-1',
  visitorIdSecret: 'visitor-secret',
  apiTokens: ['token-1', 'token-2'],
  webhooks: { shopify: ['secret-1'] },
};
const second = { ...first, brevoApiKey: 'key-2', brevoPartnerKey: 'partner-2' };
const denied = {
  status: 400,
  body: { __type: 'AccessDeniedException', message: 'key-1 is none of your business' },
};

const minuteMs = 60_000;

/** Secrets from a Systems Manager that gives the n-th answer to the n-th call. */
const startSecrets = async (answer: (call: number) => AwsAnswer) => {
  const { calls, settings } = await startAws((_, call) => answer(call));
  const client = new SSMClient({ ...settings, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  const clock = { now: 1_800_000_000_000 };
  const { logger, lines } = captureLog();
  const secrets = createSecrets({ client, parameterName: '/bridge/secrets', logger, now: () => clock.now });
  return { secrets, clock, calls, lines };
};

test('the secrets are read from one encrypted parameter at the first call', async () => {
  const { secrets, calls } = await startSecrets(() => parameter(first));
  expect(calls).toEqual([]);
  expect(await secrets()).toEqual(first);
  expect(calls).toEqual([
    { target: 'AmazonSSM.GetParameter', body: { Name: '/bridge/secrets', WithDecryption: true } },
  ]);
});

test('the secrets are kept for five minutes', async () => {
  const { secrets, clock, calls } = await startSecrets((call) => parameter(call === 1 ? first : second));
  await secrets();
  clock.now += 5 * minuteMs - 1;
  expect(await secrets()).toEqual(first);
  clock.now += 1;
  expect(await secrets()).toEqual(second);
  expect(await secrets()).toEqual(second);
  expect(calls).toHaveLength(2);
});

describe('a key that Brevo refused', () => {
  test('causes an immediate read of the secrets, and the new key is used', async () => {
    const { secrets, calls } = await startSecrets((call) => parameter(call === 1 ? first : second));
    expect(await secrets()).toEqual(first);
    expect(await secrets(first.brevoApiKey)).toEqual(second);
    expect(await secrets(first.brevoApiKey)).toEqual(second);
    expect(calls).toHaveLength(2);
  });

  test('that is still current causes one extra read, and the next one after five minutes', async () => {
    const { secrets, clock, calls } = await startSecrets((call) => parameter(call < 3 ? first : second));
    await secrets();
    const refused = () => secrets(first.brevoApiKey);
    await Promise.all([refused(), refused(), secrets()]);
    clock.now += 5 * minuteMs - 1;
    expect(await secrets()).toEqual(first);
    expect(await refused()).toEqual(first);
    expect(calls).toHaveLength(2);
    clock.now += 1;
    expect(await refused()).toEqual(second);
    expect(calls).toHaveLength(3);
  });

  test('causes an extra read even if its successor was refused and removed', async () => {
    const { secrets, calls } = await startSecrets((call) => parameter(call % 2 === 1 ? first : second));
    await secrets();
    expect(await secrets(first.brevoApiKey)).toEqual(second);
    expect(await secrets(second.brevoApiKey)).toEqual(first);
    expect(await secrets(first.brevoApiKey)).toEqual(second);
    expect(calls).toHaveLength(4);
  });

  test('stays in use if Systems Manager fails, without another extra read', async () => {
    const { secrets, calls } = await startSecrets((call) => (call === 1 ? parameter(first) : denied));
    await secrets();
    expect(await secrets(first.brevoApiKey)).toEqual(first);
    expect(await secrets(first.brevoApiKey)).toEqual(first);
    expect(calls).toHaveLength(2);
  });

  test('causes no extra read if the secrets have just been read', async () => {
    const { secrets, clock, calls } = await startSecrets(() => parameter(first));
    await secrets();
    await secrets(first.brevoApiKey);
    clock.now += 5 * minuteMs;
    await secrets();
    await secrets(first.brevoApiKey);
    expect(calls).toHaveLength(3);
  });

  test('causes no extra read if its successor is already known', async () => {
    const { secrets, clock, calls } = await startSecrets((call) => parameter(call === 1 ? first : second));
    await secrets();
    clock.now += 5 * minuteMs;
    await secrets();
    expect(await secrets(first.brevoApiKey)).toEqual(second);
    expect(calls).toHaveLength(2);
  });
});

test('concurrent callers share one read', async () => {
  const { secrets, clock, calls } = await startSecrets(() => parameter(first));
  await Promise.all([secrets(), secrets(), secrets()]);
  clock.now += 5 * minuteMs;
  await Promise.all([secrets(), secrets(), secrets()]);
  expect(calls).toHaveLength(2);
});

test.each([
  ['an error', denied, 'AccessDeniedException'],
  ['something unreadable', parameter('key-1'), 'InvalidInput'],
])(
  'a refresh that ends in %s keeps the known secrets for another five minutes',
  async (_, answer, reason) => {
    const { secrets, clock, calls, lines } = await startSecrets((call) =>
      call === 2 ? answer : parameter(call === 1 ? first : second),
    );
    await secrets();
    clock.now += 5 * minuteMs;
    expect(await secrets()).toEqual(first);
    expect(lines).toMatchObject([
      { level: 'WARN', message: 'secrets could not be read, using the last known ones', reason },
    ]);
    expect(JSON.stringify(lines)).not.toContain('key-1');
    clock.now += 5 * minuteMs - 1;
    expect(await secrets()).toEqual(first);
    expect(calls).toHaveLength(2);
    clock.now += 1;
    expect(await secrets()).toEqual(second);
  },
);

test('a failed first call has the reason, and the next call tries again', async () => {
  const { secrets } = await startSecrets((call) => (call === 1 ? denied : parameter(first)));
  const attempts = await Promise.allSettled([secrets(), secrets()]);
  for (const attempt of attempts)
    expect(attempt).toMatchObject({
      status: 'rejected',
      reason: {
        message: 'The secrets could not be read from the parameter /bridge/secrets',
        cause: { name: 'AccessDeniedException' },
      },
    });
  expect(await secrets()).toEqual(first);
});

test.each([
  ['{"brevoApiKey":"s3cret",', 'not JSON'],
  [{ brevoPartnerKey: '' }, 'brevoApiKey', 'brevoPartnerKey', 'visitorIdSecret'],
  [{ brevoApiKey: 's3cret', visitorIdSecret: ['s3cret'] }, 'visitorIdSecret'],
  [{ brevoApiKey: '', visitorIdSecret: 's3cret' }, 'brevoApiKey'],
  ['"s3cret"', 'expected object'],
])(
  'the parameter %j is refused by the names of the invalid fields, not their values',
  async (value, ...named) => {
    const { secrets } = await startSecrets(() => parameter(value));
    const error: Error = await secrets().then(
      () => new Error('was taken'),
      (thrown) => thrown,
    );
    const { cause } = error;
    if (!(cause instanceof Error)) throw new Error('no cause', { cause: error });
    expect(cause.message).toMatch(/^The parameter \/bridge\/secrets is invalid: /);
    for (const name of named) expect(cause.message).toContain(name);
    expect(`${error.stack} ${cause.stack} ${JSON.stringify(cause)}`).not.toContain('s3cret');
  },
);

test('a parameter without a value is refused', async () => {
  const { secrets } = await startSecrets(() => ({ body: {} }));
  await expect(secrets()).rejects.toThrow(
    expect.objectContaining({
      cause: expect.objectContaining({ message: expect.stringContaining('not JSON') }),
    }),
  );
});

test('a refresh that throws something other than an error keeps the known secrets too', async () => {
  const { settings } = await startAws(() => parameter(first));
  const client = new SSMClient(settings);
  onTestFinished(() => client.destroy());
  const clock = { now: 0 };
  const { logger, lines } = captureLog();
  const secrets = createSecrets({ client, parameterName: '/p', logger, now: () => clock.now });
  await secrets();
  client.middlewareStack.add(() => () => Promise.reject('torn cable'), { step: 'initialize' });
  clock.now += 5 * minuteMs;
  expect(await secrets()).toEqual(first);
  expect(lines).toMatchObject([{ reason: 'unknown' }]);
});

test('without tokens and webhook secrets, nobody has access', async () => {
  const { apiTokens: _, webhooks: __, ...least } = first;
  const { secrets } = await startSecrets(() => parameter(least));
  expect(await secrets()).toEqual({ ...least, apiTokens: [], webhooks: {} });
});

test.each([{ apiTokens: [''] }, { webhooks: { shopify: [''] } }])(
  '%j is refused, because an empty secret would match',
  async (wrong) => {
    const { secrets } = await startSecrets(() => parameter({ ...first, ...wrong }));
    await expect(secrets()).rejects.toThrow('The secrets could not be read');
  },
);
