import { beforeEach, expect, test, vi } from 'vitest';
import { startTestBrevo } from '../support/bridge.ts';
import { stubEnvironment } from '../support/environment.ts';
import { sqsRecord, statusChanged } from '../support/events.ts';
import { noon } from '../support/incoming.ts';
import { lambdaContext } from '../support/lambda-context.ts';
import { secrets, startTestStack } from '../support/stack.ts';

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ toFake: ['Date'], now: noon });
  return () => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  };
});

const load = async () => (await import('../../functions/push-message.ts')).handler;

test('names every missing variable, and starts once they are set', async () => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  const handler = await load();
  const event = { Records: [] };
  const names = [
    'BREVO_BASE_URL',
    'SECRETS_PARAMETER',
    'TABLE_NAME',
    'BUS_NAME',
    'DEAD_LETTER_QUEUE_URL',
    'PARTNER_SOURCES',
  ];
  for (const name of names) vi.stubEnv(name, undefined);
  const failure = handler(event, lambdaContext());
  for (const name of names) await expect(failure).rejects.toThrow(`${name}: is not set`);

  const brevo = await startTestBrevo({ apiKey: secrets.brevoApiKey });
  stubEnvironment(await startTestStack(), 'push-message', brevo.baseUrl);
  await expect(handler(event, lambdaContext())).resolves.toEqual({ batchItemFailures: [] });
});

test('sends the message to the visitor with the key from the secrets parameter', async () => {
  const brevo = await startTestBrevo({ apiKey: secrets.brevoApiKey });
  stubEnvironment(await startTestStack(), 'push-message', brevo.baseUrl);
  const handler = await load();
  const Records = [sqsRecord(statusChanged({}))];
  await expect(handler({ Records }, lambdaContext())).resolves.toEqual({ batchItemFailures: [] });
  expect(await brevo.chat()).toHaveLength(1);
});

test('leaves what it has no time for to deliver-pending, which sends it', async () => {
  const brevo = await startTestBrevo({ apiKey: secrets.brevoApiKey });
  stubEnvironment(await startTestStack(), 'push-message', brevo.baseUrl);
  const handler = await load();
  const record = sqsRecord(statusChanged({}));
  await expect(handler({ Records: [record] }, lambdaContext(11_000))).resolves.toEqual({
    batchItemFailures: [],
  });
  expect(await brevo.requests()).toEqual([]);
  const { handler: deliverPending } = await import('../../functions/deliver-pending.ts');
  await deliverPending({}, lambdaContext(60_000));
  expect(await brevo.requests()).toEqual(['POST created']);
});
