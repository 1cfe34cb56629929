import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, onTestFinished, test } from 'vitest';
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
