import { expect, test, vi } from 'vitest';
import { connectBrevo } from '../../lib/brevo-connection.ts';
import { simulatedBrevo } from '../local/brevo/simulated-brevo.ts';
import { startAws } from '../support/aws-server.ts';
import { captureLog } from '../support/logger.ts';

test('Brevo is called with the keys that are kept in Systems Manager', async () => {
  const { brevo: server, control } = await simulatedBrevo();
  const secrets = { brevoApiKey: 'right-key', brevoPartnerKey: 'partner', visitorIdSecret: 's' };
  const { url, calls } = await startAws(() => ({ body: { Parameter: { Value: JSON.stringify(secrets) } } }));
  const { logger } = captureLog();
  vi.stubEnv('AWS_ENDPOINT_URL', url);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');

  const connected = connectBrevo(
    { BREVO_BASE_URL: server.baseUrl, SECRETS_PARAMETER: '/bridge/secrets' },
    logger,
  );
  expect(calls).toEqual([]);
  await connected.brevo.pingAgent({ agentId: 'agent-tom' });
  await connected.brevo.pingAgent({ agentId: 'agent-tom' });
  expect(await connected.secrets()).toEqual({ ...secrets, apiTokens: [], webhooks: {} });
  expect(calls).toMatchObject([{ body: { Name: '/bridge/secrets', WithDecryption: true } }]);
  expect((await control('GET', '/requests')).json).toMatchObject([{ status: 201 }, { status: 201 }]);
});
