import { afterEach, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { startAws } from '../support/aws-server.ts';
import { startTestBrevo } from '../support/bridge.ts';
import { stubEnvironment } from '../support/environment.ts';
import { lambdaContext } from '../support/lambda-context.ts';
import { startTestStack } from '../support/stack.ts';

const requests = z.array(z.object({ status: z.number() }));

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test('replacing the API key costs one refused request, and the next probe ends the pause', async () => {
  const monday = Date.parse('2026-03-02T10:00:00Z');
  vi.useFakeTimers({ toFake: ['Date'], now: monday });
  const brevo = await startTestBrevo({ apiKey: 'new-key' });
  stubEnvironment(await startTestStack(), 'ping-presence', brevo.baseUrl);
  const parameter = { brevoApiKey: 'old-key', visitorIdSecret: 's' };
  const ssm = await startAws(() => ({ body: { Parameter: { Value: JSON.stringify(parameter) } } }));
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', ssm.url);
  vi.resetModules();
  const { handler } = await import('../../functions/ping-presence.ts');

  const heard: number[][] = [];
  for (let minute = 0; minute <= 2; minute++) {
    vi.setSystemTime(monday + minute * 60_000);
    await handler({}, lambdaContext());
    parameter.brevoApiKey = 'new-key';
    heard.push(requests.parse(await brevo.control('requests')).map(({ status }) => status));
  }
  expect(heard).toEqual([[401], [401], [401, 201]]);
  expect(ssm.calls).toHaveLength(2);
});
