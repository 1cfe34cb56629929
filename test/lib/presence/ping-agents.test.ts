import { expect, test } from 'vitest';
import { createBrevoClient } from '../../../lib/brevo/client.ts';
import type { Agent } from '../../../lib/presence/agents.ts';
import { pingAgents } from '../../../lib/presence/ping-agents.ts';
import { simulatedBrevo } from '../../local/brevo/simulated-brevo.ts';
import { captureLog } from '../../support/logger.ts';

const monday = Date.UTC(2026, 2, 2, 12);
const daytime = { days: ['mon' as const], from: '09:00', to: '18:00', timeZone: 'UTC' };
const night = { ...daytime, from: '20:00', to: '06:00' };

const lizOn = (shift: Agent['shifts'][number]): Agent => ({ agentId: 'd9nKoegKSjmCtyK78', shifts: [shift] });
const tomOn = (shift: Agent['shifts'][number]): Agent => ({ agentId: 'agent-tom', shifts: [shift] });
const team: Agent = {
  agentEmail: 'team@example.com',
  agentName: 'Shop team',
  receivedFrom: 'conversations-bridge',
  shifts: [daytime],
};

const startPresence = async (credentials = async () => ({ apiKey: 'right-key' })) => {
  const { brevo: server, control, clock } = await simulatedBrevo();
  clock.now = monday;
  const brevo = createBrevoClient({ baseUrl: server.baseUrl, credentials, fetch, timeoutMs: 5_000 });
  const log = captureLog();
  const online = async () => {
    const { json } = await control('GET', '/agents');
    const agents: { name: string; online: boolean }[] = Array.isArray(json) ? json : [];
    return agents.filter((agent) => agent.online).map(({ name }) => name);
  };
  return {
    ...log,
    control,
    online,
    run: async (...agents: Agent[]) => pingAgents({ brevo, logger: log.logger }, agents, monday),
  };
};

test('the agents on shift are shown as online, and no others', async () => {
  const { run, online, lines } = await startPresence();
  await run(lizOn(daytime), tomOn(night), team);
  expect((await online()).toSorted()).toEqual(['Liz', 'Shop team']);
  expect(lines).toMatchObject([{ level: 'INFO', message: 'agents pinged', online: 2, failed: 0 }]);
});

test('where nobody is on shift, nothing is asked of Brevo', async () => {
  const { run, control, lines } = await startPresence();
  await run(lizOn(night));
  expect((await control('GET', '/requests')).json).toEqual([]);
  expect(lines).toMatchObject([{ message: 'agents pinged', online: 0, failed: 0 }]);
});

test.each([
  ['an error', { kind: 'status', status: 500 }, /^POST \/conversations\/agentOnlinePing: 500/],
  [
    'a lost connection',
    { kind: 'reset-before' },
    /^POST \/conversations\/agentOnlinePing: no answer from Brevo/,
  ],
])('an agent whose ping meets %s stops none of the others', async (_, fault, reason) => {
  const { run, control, online, lines } = await startPresence();
  await control('POST', '/faults', [{ match: { body: 'd9nKoegKSjmCtyK78' }, ...fault }]);
  await run(lizOn(daytime), tomOn(daytime), team);
  expect((await online()).toSorted()).toEqual(['Shop team', 'Tom']);
  expect(lines).toMatchObject([
    {
      level: 'ERROR',
      message: 'agent could not be pinged',
      agentId: 'd9nKoegKSjmCtyK78',
      reason: expect.stringMatching(reason),
    },
    { level: 'INFO', message: 'agents pinged', online: 2, failed: 1 },
  ]);
});

test('no e-mail address gets into the log, though Brevo quotes it', async () => {
  const { run, control, lines } = await startPresence();
  const body = JSON.stringify({
    code: 'invalid_parameter',
    message: 'agentEmail "Team@Example.com" is not valid',
  });
  await control('POST', '/faults', [{ kind: 'status', status: 400, body }]);
  await run(team);
  expect(lines[0]).toMatchObject({
    agentName: 'Shop team',
    reason: expect.stringContaining('agentEmail "<e-mail address>" is not valid'),
  });
  expect(JSON.stringify(lines)).not.toMatch(/team@example/i);
});

test('without a key no ping succeeds, and each says why', async () => {
  const { run, lines } = await startPresence(async () => {
    throw new Error('The secrets could not be read');
  });
  await run(lizOn(daytime), tomOn(daytime));
  expect(lines).toMatchObject([
    { agentId: 'd9nKoegKSjmCtyK78', reason: 'The secrets could not be read' },
    { agentId: 'agent-tom', reason: 'The secrets could not be read' },
    { online: 0, failed: 2 },
  ]);
});

test('even what is thrown without being an error is told', async () => {
  const { run, lines } = await startPresence(() => Promise.reject('torn cable'));
  await run(tomOn(daytime));
  expect(lines[0]).toMatchObject({ reason: 'torn cable' });
});
