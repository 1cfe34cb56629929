import { expect, test } from 'vitest';
import { createBrevoClient } from '../../../lib/brevo/client.ts';
import type { Config } from '../../../lib/config/config.ts';
import { checkAgents, pingEach } from '../../../tools/doctor/presence.ts';
import { liz, simulatedBrevo } from '../brevo/simulated-brevo.ts';
import { said } from './doctored.ts';

const shifts: Config['presence']['agents'][number]['shifts'] = [
  { days: ['mon'], from: '09:00', to: '18:00', timeZone: 'Europe/Paris' },
];
const named = (agentEmail: string) => ({ agentEmail, agentName: 'Ada', receivedFrom: 'shop', shifts });
const agents = (...some: Config['presence']['agents']) => ({ presence: { agents: some } });

test('what can be said of agents without asking is said', () => {
  const config = agents(
    { agentId: liz.id, shifts },
    { agentId: 'liz@example.org', shifts },
    named('shop@example.com'),
    named('ada@example.org'),
  );
  expect(said(checkAgents(config))).toEqual([
    `note: whether Brevo knows the agent ${liz.id} is not known before a ping`,
    'failure: the agent liz@example.org has something else than an id for its agentId',
    'warning: the agent Ada has the address of the sample configuration',
    'note: the agent Ada is named by an e-mail address: one that Brevo does not know becomes an agent of its own',
  ]);
  expect(said(checkAgents(agents()))).toEqual(['note: nobody is kept online: presence.agents is empty']);
});

test('a ping tells who is known, one agent after the other', async () => {
  const { brevo, control } = await simulatedBrevo();
  const credentials = async () => ({ apiKey: 'right-key' });
  const client = createBrevoClient({ baseUrl: brevo.baseUrl, credentials, fetch, timeoutMs: 5_000 });
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
