import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, onTestFinished, test, vi } from 'vitest';
import { awsClientSettings } from '../../../lib/runtime/aws-client.ts';
import { listen } from '../../../tools/aws/listen.ts';
import { startAws } from '../../support/aws-server.ts';

const { requestHandler } = awsClientSettings;

const startClient = (settings: object): SSMClient => {
  const client = new SSMClient({ ...awsClientSettings, ...settings });
  onTestFinished(() => client.destroy());
  return client;
};
const ask = async (settings: object): Promise<unknown> =>
  startClient(settings).send(new GetParameterCommand({ Name: '/x' }));

test('the SDK uses the settings', async () => {
  const { settings } = await startAws(() => ({ body: {} }));
  const client = startClient(settings);
  await client.send(new GetParameterCommand({ Name: '/x' }));
  expect(client.config.requestHandler).toMatchObject({
    config: {
      connectionTimeout: 1000,
      requestTimeout: 3000,
      throwOnRequestTimeout: true,
      socketTimeout: 3000,
    },
  });
  expect(await client.config.maxAttempts()).toBe(3);
});

test('a call without an answer times out and is repeated', async () => {
  const { settings, calls } = await startAws(() => undefined);
  await expect(
    ask({
      ...settings,
      requestHandler: { ...requestHandler, requestTimeout: 50, socketTimeout: 0 },
      maxAttempts: 2,
    }),
  ).rejects.toThrow(
    expect.objectContaining({ name: 'TimeoutError', $metadata: expect.objectContaining({ attempts: 2 }) }),
  );
  expect(calls).toHaveLength(2);
});

test('an answer that stalls half-way times out', async () => {
  const server = await listen((_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.write('{"Parameter":');
  }, 0);
  onTestFinished(() => server.close());
  const { settings } = await startAws(() => undefined);
  await expect(
    ask({
      ...settings,
      endpoint: server.url,
      requestHandler: { ...requestHandler, socketTimeout: 50 },
      maxAttempts: 1,
    }),
  ).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }));
});

test.each([
  ['eu-west-1', {}, 'ssm.eu-west-1.amazonaws.com'],
  ['cn-north-1', {}, 'ssm.cn-north-1.amazonaws.com.cn'],
  ['us-gov-west-1', {}, 'ssm.us-gov-west-1.amazonaws.com'],
  ['us-east-1', { AWS_USE_FIPS_ENDPOINT: 'true' }, 'ssm-fips.us-east-1.amazonaws.com'],
  ['eu-west-1', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, 'ssm.eu-west-1.api.aws'],
])('in the region %s with %o, calls go to %s', async (region, variables, host) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const hosts: string[] = [];
  const client = startClient({
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: {
      handle: async ({ hostname }: { hostname: string }) => {
        hosts.push(hostname);
        throw new Error('not sent');
      },
    },
  });
  await expect(client.send(new GetParameterCommand({ Name: '/x' }))).rejects.toThrow('not sent');
  expect(hosts).toEqual([host]);
});
