import { beforeEach, expect, test, vi } from 'vitest';
import config from '../../bridge.config.ts';
import { connectBrevo } from '../../lib/composition.ts';
import { startAws } from '../support/aws-server.ts';
import { simulatedBrevo } from '../tools/brevo/simulated-brevo.ts';

beforeEach(() => () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const secretsWith = (brevoApiKey: string) => ({
  brevoApiKey,
  brevoPartnerKey: 'partner',
  visitorIdSecret: 's',
});

/**
 * A connection to a Brevo that accepts only `right-key`. Systems Manager returns the n-th of these keys on the n-th
 * call.
 */
const connect = async (...keys: string[]) => {
  const { brevo: server, control } = await simulatedBrevo();
  const { url, calls } = await startAws((_, call) => {
    const Value = JSON.stringify(secretsWith(keys[call - 1] ?? keys.at(-1) ?? ''));
    return { body: { Parameter: { Value } } };
  });
  vi.stubEnv('AWS_ENDPOINT_URL', url);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  const connected = await connectBrevo(
    { BREVO_BASE_URL: server.baseUrl, SECRETS_PARAMETER: '/bridge/secrets', TABLE_NAME: 'notices' },
    config,
  );
  const ping = () => connected.brevo.operations.pingAgent({ agentId: 'agent-tom' });
  const heard = async () => (await control('GET', '/requests')).json;
  return { ...connected, ping, heard, control, calls };
};

const refused = expect.objectContaining({ name: 'Unauthorised' });

test('Brevo is called with the keys from Systems Manager', async () => {
  const { ping, secrets, heard, calls } = await connect('right-key');
  expect(calls).toEqual([]);
  await ping();
  await ping();
  expect(await secrets()).toEqual({ ...secretsWith('right-key'), apiTokens: [], webhooks: {} });
  expect(calls).toMatchObject([{ body: { Name: '/bridge/secrets', WithDecryption: true } }]);
  expect(await heard()).toMatchObject([{ status: 201 }, { status: 201 }]);
});

test('after a refusal, the next call uses the new key', async () => {
  const { ping, heard, calls } = await connect('old-key', 'right-key');
  await expect(ping()).rejects.toThrow(refused);
  await ping();
  await ping();
  expect(calls).toHaveLength(2);
  expect(await heard()).toMatchObject([{ status: 401 }, { status: 201 }, { status: 201 }]);
});

test('many refusals cause one extra read of the secrets, and another after five minutes', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 });
  const { ping, calls } = await connect('old-key');
  for (let count = 0; count < 5; count++) {
    await Promise.all([1, 2, 3].map(() => expect(ping()).rejects.toThrow(refused)));
  }
  expect(calls).toHaveLength(2);
  vi.setSystemTime(1_800_000_000_000 + 5 * 60_000);
  await expect(ping()).rejects.toThrow(refused);
  await expect(ping()).rejects.toThrow(refused);
  expect(calls).toHaveLength(3);
});

test('a refused IP address does not count as a refused key', async () => {
  const { ping, control, calls } = await connect('right-key');
  await control('POST', '/switches', { ipRestricted: true });
  await expect(ping()).rejects.toThrow(refused);
  await expect(ping()).rejects.toThrow(refused);
  expect(calls).toHaveLength(1);
});

test.each([
  [401, 2],
  [403, 1],
  [500, 1],
])('after status %i, the secrets have been read %i times', async (status, times) => {
  const { ping, control, calls } = await connect('right-key');
  await control('POST', '/faults', [{ kind: 'status', status, times: 1 }]);
  await expect(ping()).rejects.toThrow();
  await ping();
  expect(calls).toHaveLength(times);
});
