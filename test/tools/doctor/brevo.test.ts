import { expect, test } from 'vitest';
import { createBrevoClient } from '../../../lib/brevo/client.ts';
import type { Config } from '../../../lib/config/config.ts';
import { checkAgents, checkKey, pingEach } from '../../../tools/doctor/brevo.ts';
import { liz, simulatedBrevo } from '../brevo/simulated-brevo.ts';
import { nowhere, printed, said } from './doctored.ts';

const requests = { limit: 100, windowSeconds: 3600, scope: 'account' } as const;

const clientOf = (baseUrl: string, apiKey = 'right-key') =>
  createBrevoClient({ baseUrl, credentials: async () => ({ apiKey }), fetch, timeoutMs: 5_000 });

test('a key is tried with one request that changes nothing', async () => {
  const { brevo, control } = await simulatedBrevo();
  const { findings, isAccepted } = await checkKey(clientOf(brevo.baseUrl), { requests });
  expect(isAccepted).toBe(true);
  expect(said(findings)).toEqual([
    'ok: Brevo accepts the key (this took one request, which counts)',
    'ok: Brevo allows 100 requests, 99 are left, as bridge.config.ts says',
  ]);
  expect((await control('GET', '/requests')).json).toMatchObject([
    { method: 'GET', status: 404, changed: null },
  ]);
});

test.each([
  [101, 'warning: Brevo allows 100 requests, 99 are left; bridge.config.ts sets 101'],
  [
    99,
    'note: Brevo allows 100 requests, 99 are left; bridge.config.ts sets 99, which holds until Brevo’s first answer',
  ],
])('a configured limit of %i is compared with what Brevo says', async (limit, expected) => {
  const { brevo } = await simulatedBrevo();
  const { findings } = await checkKey(clientOf(brevo.baseUrl), { requests: { ...requests, limit } });
  expect(said(findings)).toContain(expected);
});

test('a limit that Brevo does not name is left to the operator', async () => {
  const { brevo } = await simulatedBrevo({ switches: { rateLimitHeaders: false } });
  const { findings, isAccepted } = await checkKey(clientOf(brevo.baseUrl), { requests });
  expect(isAccepted).toBe(true);
  expect(said(findings)).toContain('note: Brevo names no request limit; bridge.config.ts sets 100');
});

test('a key that Brevo does not know is a failure, and is not shown', async () => {
  const { brevo } = await simulatedBrevo();
  const { findings, isAccepted } = await checkKey(clientOf(brevo.baseUrl, 's3cret'), { requests });
  expect(isAccepted).toBe(false);
  expect(findings).toMatchObject([{ grade: 'failure' }]);
  expect(printed(findings)).toContain('Brevo does not know this API key');
  expect(printed(findings)).not.toMatch(/s3cret|NAT gateway/);
});

test('a refused address is distinguished from a wrong key', async () => {
  const { brevo } = await simulatedBrevo({ switches: { ipRestricted: true } });
  const { findings } = await checkKey(clientOf(brevo.baseUrl), { requests });
  expect(findings).toMatchObject([
    {
      grade: 'failure',
      what: expect.stringContaining('Brevo refuses this machine’s address'),
      advice: expect.stringContaining('NAT gateway'),
    },
  ]);
});

test.each([
  ['an id that cannot be', 400, true, 'ok'],
  ['an account that must pay', 402, false, 'failure'],
  ['a key that may not', 403, false, 'failure'],
  ['a spent limit', 429, false, 'warning'],
  ['a failure', 500, false, 'failure'],
])('%s (%i) is judged', async (_, status, isAccepted, grade) => {
  const { brevo, control } = await simulatedBrevo();
  await control('POST', '/faults', [{ kind: 'status', status, times: 1 }]);
  const checked = await checkKey(clientOf(brevo.baseUrl), { requests });
  expect(checked).toMatchObject({ isAccepted, findings: expect.arrayContaining([]) });
  expect(checked.findings[0]?.grade).toBe(grade);
});

test('a limit that is spent says when to come back, where Brevo does', async () => {
  const { brevo } = await simulatedBrevo({ limit: { limit: 1 } });
  const client = clientOf(brevo.baseUrl);
  await checkKey(client, { requests });
  const { findings } = await checkKey(client, { requests });
  expect(printed(findings)).toMatch(/try again in \d+ s/);
});

test('a Brevo that does not answer is a failure', async () => {
  const { findings } = await checkKey(clientOf(nowhere), { requests });
  expect(said(findings)).toEqual([expect.stringMatching(/^failure: .*could not connect to Brevo/)]);
});

const shifts: Config['presence']['agents'][number]['shifts'] = [
  { days: ['mon'], from: '09:00', to: '18:00', timeZone: 'Europe/Paris' },
];
const named = (agentEmail: string) => ({ agentEmail, agentName: 'Ada', receivedFrom: 'shop', shifts });
const agents = (...some: Config['presence']['agents']) => ({ presence: { agents: some } });

test('without a ping, each agent gets a finding of its own', () => {
  const config = agents(
    { agentId: liz.id, shifts },
    { agentId: 'liz@example.org', shifts },
    named('shop@example.com'),
    named('ada@example.org'),
  );
  expect(said(checkAgents(config))).toEqual([
    `note: only a ping shows whether Brevo knows the agent ${liz.id}`,
    'failure: the agent liz@example.org has an agentId that cannot be an id',
    'warning: the agent Ada has the address of the sample configuration',
    'note: the agent Ada is named by e-mail address: Brevo makes a new agent of an address that it does not know',
  ]);
  expect(said(checkAgents(agents()))).toEqual(['note: no agent is kept online: presence.agents is empty']);
});

test('a ping shows whether Brevo knows each agent', async () => {
  const { brevo, control } = await simulatedBrevo();
  const client = clientOf(brevo.baseUrl);
  const config = agents({ agentId: 'nobody', shifts }, { agentId: liz.id, shifts }, named('new@example.org'));
  expect(said(await pingEach(client, config))).toEqual([
    expect.stringMatching(/^failure: Brevo does not show the agent nobody as online: .*400/),
    `ok: Brevo shows the agent ${liz.id} as online`,
    'ok: Brevo shows the agent Ada as online',
  ]);
  expect((await control('GET', '/agents')).json).toContainEqual(
    expect.objectContaining({ id: liz.id, online: true }),
  );
});
