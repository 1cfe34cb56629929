import { beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { startTestBrevo } from '../support/bridge.ts';
import { stubEnvironment } from '../support/environment.ts';
import { lambdaContext } from '../support/lambda-context.ts';
import { secrets, startTestStack } from '../support/stack.ts';

const agents = z.array(z.object({ email: z.nullable(z.string()), online: z.boolean() }));

beforeEach(() => {
  vi.resetModules();
  return () => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  };
});

const start = async (at: string) => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(at) });
  const brevo = await startTestBrevo({ apiKey: secrets.brevoApiKey });
  stubEnvironment(await startTestStack(), 'ping-presence', brevo.baseUrl);
  const { handler } = await import('../../functions/ping-presence.ts');
  await handler({}, lambdaContext());
  return brevo;
};

test('shows the agent of the sample configuration as online on a Monday morning', async () => {
  const brevo = await start('2026-03-02T10:00:00Z');
  const shown = agents.parse(await brevo.control('agents'));
  expect(shown.filter(({ online }) => online)).toHaveLength(1);
});

test('pings nobody on a Sunday', async () => {
  const brevo = await start('2026-03-01T10:00:00Z');
  expect(await brevo.requests()).toEqual([]);
});
