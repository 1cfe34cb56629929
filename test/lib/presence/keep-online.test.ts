import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { createBrevoClient } from '../../../lib/brevo/client.ts';
import { createBudget } from '../../../lib/budget/budget-store.ts';
import { createMeteredClient } from '../../../lib/budget/metered-client.ts';
import type { Agent, Shift } from '../../../lib/presence/agents.ts';
import { pingAgents } from '../../../lib/presence/keep-online.ts';
import { presencePlan } from '../../../lib/presence/plan.ts';
import { captureLog } from '../../support/logger.ts';
import { startTestStore } from '../../support/stack.ts';
import { simulatedBrevo } from '../../tools/brevo/simulated-brevo.ts';

const minute = 60_000;
const monday = Date.UTC(2026, 2, 2, 12);
const daytime: Shift = { days: ['mon'], from: '09:00', to: '18:00', timeZone: 'UTC' };
const night: Shift = { ...daytime, from: '20:00', to: '06:00' };

const lizOn = (...shifts: Shift[]): Agent => ({ agentId: 'd9nKoegKSjmCtyK78', shifts });
const tomOn = (...shifts: Shift[]): Agent => ({ agentId: 'agent-tom', shifts });
const teamOn = (...shifts: Shift[]): Agent => ({
  agentEmail: 'team@example.com',
  agentName: 'Shop team',
  receivedFrom: 'conversations-bridge',
  shifts,
});

const onlineAgents = z.array(z.object({ name: z.string(), online: z.boolean() }));
const requestLog = z.array(z.object({ status: z.nullable(z.number()) }));

const startPresence = async (
  agents: Agent[],
  {
    limit = 100,
    credentials = async () => ({ apiKey: 'right-key' }),
  }: { limit?: number; credentials?: () => Promise<{ apiKey: string }> } = {},
) => {
  const { brevo: server, control, clock } = await simulatedBrevo();
  clock.now = monday;
  await control('POST', '/limit', { limit, windowSeconds: 3600, kind: 'fixed', scope: 'account' });
  const now = () => clock.now;
  const requests = { limit, windowMs: 60 * minute, scope: 'account' as const };
  const plan = presencePlan({ agents }, requests);
  const { client, tableName } = await startTestStore(now);
  const budget = createBudget({
    client,
    tableName,
    plan: requests,
    upcoming: plan.upcoming,
    now,
    random: Math.random,
    pause: async () => {},
  });
  const log = captureLog();
  const brevoClient = createBrevoClient({ baseUrl: server.baseUrl, credentials, fetch, timeoutMs: 5_000 });
  const brevo = createMeteredClient({ brevo: brevoClient, budget, logger: log.logger });
  return {
    ...log,
    budget,
    clock,
    fail: async (...faults: object[]) => control('POST', '/faults', faults),
    control,
    online: async () => {
      const all = onlineAgents.parse((await control('GET', '/agents')).json);
      return all
        .filter((agent) => agent.online)
        .map(({ name }) => name)
        .toSorted();
    },
    statuses: async () =>
      requestLog.parse((await control('GET', '/requests')).json).map(({ status }) => status),
    run: async () => pingAgents({ brevo, budget, logger: log.logger, plan, now }),
  };
};

const lizFails = { match: { body: 'd9nKoegKSjmCtyK78' } };

test('the agents on shift are shown as online, and no others', async () => {
  const { run, online, lines } = await startPresence([lizOn(daytime), tomOn(night), teamOn(daytime)]);
  expect(await run()).toEqual({ pinged: 2, failed: 0 });
  expect(await online()).toEqual(['Liz', 'Shop team']);
  expect(lines).toMatchObject([{ level: 'INFO', message: 'agents pinged', pinged: 2, failed: 0 }]);
});

test('if nobody is on shift, no request is made', async () => {
  const { run, statuses, lines } = await startPresence([lizOn(night)]);
  await run();
  expect(await statuses()).toEqual([]);
  expect(lines).toMatchObject([{ message: 'agents pinged', pinged: 0, failed: 0 }]);
});

test('an agent is pinged every two minutes, however often the schedule runs', async () => {
  const { run, clock, statuses } = await startPresence([lizOn(daytime)]);
  for (const seconds of [0, 3, 62, 118, 119, 180, 241]) {
    clock.now = monday + seconds * 1000;
    await run();
  }
  expect(await statuses()).toHaveLength(3);
});

test('an agent is pinged each minute if the limit allows it', async () => {
  const { run, clock, statuses } = await startPresence([lizOn(daytime)], { limit: 200 });
  for (const seconds of [0, 3, 62, 118]) {
    clock.now = monday + seconds * 1000;
    await run();
  }
  expect(await statuses()).toHaveLength(3);
});

test('two overlapping runs ping an agent once', async () => {
  const { run, statuses } = await startPresence([lizOn(daytime), tomOn(daytime)]);
  await Promise.all([run(), run()]);
  expect(await statuses()).toHaveLength(2);
});

test('no ping is sent beyond the budget', async () => {
  const { run, budget, statuses } = await startPresence([lizOn(daytime)]);
  await budget.report('POST /conversations/agentOnlinePing', {
    lane: 'presence',
    rateLimit: { resetSeconds: 90 },
    fault: 'rate-limited',
  });
  expect(await run()).toEqual({ pinged: 0, failed: 0 });
  expect(await statuses()).toEqual([]);
});

test('fewer agents are kept online if Brevo reports a lower limit', async () => {
  const { run, clock, control, online } = await startPresence([lizOn(daytime), tomOn(daytime)]);
  await control('POST', '/limit', { limit: 50, windowSeconds: 3600, kind: 'fixed', scope: 'account' });
  await run();
  expect(await online()).toEqual(['Liz', 'Tom']);
  clock.now = monday + 4 * minute;
  await run();
  expect(await online()).toHaveLength(1);
});

test.each([
  ['an error', { kind: 'status', status: 500 }],
  ['a lost connection', { kind: 'reset-before' }],
  ['a lost answer', { kind: 'reset-after' }],
])('a ping that ends in %s is repeated immediately', async (_, fault) => {
  const { run, fail, online, statuses, budget, logged } = await startPresence([
    lizOn(daytime),
    teamOn(daytime),
  ]);
  await fail({ ...lizFails, ...fault });
  expect(await run()).toEqual({ pinged: 2, failed: 0 });
  expect(await online()).toEqual(['Liz', 'Shop team']);
  expect(await statuses()).toHaveLength(3);
  expect((await budget.state()).pings).toMatchObject({ d9nKoegKSjmCtyK78: monday });
  expect(logged()).toEqual(['INFO agents pinged']);
});

test.each([
  ['errors', { kind: 'status', status: 503 }, /^POST \/conversations\/agentOnlinePing: 503/],
  [
    'lost connections',
    { kind: 'reset-before' },
    /^POST \/conversations\/agentOnlinePing: no answer from Brevo/,
  ],
])(
  'an agent whose pings end in %s does not affect the others, and is tried again by the next run',
  async (_, fault, reason) => {
    const { run, fail, clock, online, lines } = await startPresence([
      lizOn(daytime),
      tomOn(daytime),
      teamOn(daytime),
    ]);
    await fail({ ...lizFails, ...fault, times: 2 });
    expect(await run()).toEqual({ pinged: 2, failed: 1 });
    expect(await online()).toEqual(['Shop team', 'Tom']);
    expect(lines).toMatchObject([
      {
        level: 'ERROR',
        message: 'agent could not be pinged',
        agentId: 'd9nKoegKSjmCtyK78',
        reason: expect.stringMatching(reason),
      },
      { level: 'INFO', message: 'agents pinged', pinged: 2, failed: 1 },
    ]);
    clock.now += minute;
    expect(await run()).toEqual({ pinged: 1, failed: 0 });
    expect(await online()).toEqual(['Liz', 'Shop team', 'Tom']);
  },
);

test('an agent whom Brevo refuses is not tried before its next turn', async () => {
  const { run, fail, clock, statuses } = await startPresence([lizOn(daytime)]);
  await fail({ kind: 'status', status: 400 });
  expect(await run()).toEqual({ pinged: 0, failed: 1 });
  clock.now += minute;
  await run();
  expect(await statuses()).toEqual([400]);
  clock.now += minute;
  await run();
  expect(await statuses()).toEqual([400, 201]);
});

test('a 429 closes the budget, and no ping is repeated', async () => {
  const { run, fail, clock, budget, statuses } = await startPresence([lizOn(daytime)]);
  await fail({ kind: 'status', status: 429, headers: { 'x-sib-ratelimit-reset': '600' } });
  await run();
  clock.now += minute;
  await run();
  expect(await statuses()).toEqual([429]);
  expect((await budget.state()).meters.account?.closedUntil).toBe(monday + 600_000);
  clock.now = monday + 600_000;
  expect(await run()).toEqual({ pinged: 1, failed: 0 });
});

test('a refused key pauses the budget, and single pings probe until Brevo accepts it', async () => {
  const { run, fail, clock, budget, statuses } = await startPresence([lizOn(daytime), tomOn(daytime)]);
  await fail({ kind: 'status', status: 401, times: 3 });
  await run();
  expect(await statuses()).toEqual([401, 401]);
  expect((await budget.state()).paused?.reason).toBe('unauthorised');
  clock.now += minute;
  await run();
  expect(await statuses()).toHaveLength(2);
  clock.now += minute;
  await run();
  expect(await statuses()).toEqual([401, 401, 401]);
  clock.now += 2 * minute;
  expect(await run()).toEqual({ pinged: 1, failed: 0 });
  expect((await budget.state()).paused).toBeUndefined();
  clock.now += minute;
  expect(await run()).toEqual({ pinged: 1, failed: 0 });
});

test('a pause is probed even if nobody is on shift', async () => {
  const { run, clock, budget, online, statuses } = await startPresence([lizOn(night), tomOn(night)]);
  await budget.report('POST /conversations/pushedMessages', {
    lane: 'messages',
    rateLimit: {},
    fault: 'unauthorised',
  });
  await run();
  expect(await statuses()).toEqual([]);
  clock.now += 2 * minute;
  await run();
  expect(await online()).toEqual(['Liz']);
  expect((await budget.state()).paused).toBeUndefined();
  clock.now += 2 * minute;
  await run();
  expect(await statuses()).toEqual([201]);
});

test('no e-mail address is logged or stored, even if Brevo quotes it', async () => {
  const { run, fail, budget, lines } = await startPresence([teamOn(daytime)]);
  const body = JSON.stringify({
    code: 'invalid_parameter',
    message: 'agentEmail "Team@Example.com" is not valid',
  });
  await fail({ kind: 'status', status: 400, body });
  await run();
  expect(lines[0]).toMatchObject({
    agentName: 'Shop team',
    reason: expect.stringContaining('agentEmail "<e-mail address>" is not valid'),
  });
  expect(JSON.stringify([lines, await budget.state()])).not.toMatch(/team@example/i);
});

test('without a key every ping fails with its reason, and the budget does not change', async () => {
  const credentials = async () => {
    throw new Error('The secrets could not be read');
  };
  const { run, budget, lines } = await startPresence([lizOn(daytime), tomOn(daytime)], { credentials });
  await budget.report('POST /conversations/pushedMessages', {
    lane: 'messages',
    rateLimit: {},
    fault: 'unavailable',
  });
  await run();
  expect(lines).toMatchObject([
    { agentId: 'd9nKoegKSjmCtyK78', reason: 'The secrets could not be read' },
    { agentId: 'agent-tom', reason: 'The secrets could not be read' },
    { pinged: 0, failed: 2 },
  ]);
  expect((await budget.state()).failures).toBe(1);
});

test('a thrown value that is not an error is logged too', async () => {
  const { run, lines } = await startPresence([tomOn(daytime)], {
    credentials: () => Promise.reject('torn cable'),
  });
  await run();
  expect(lines[0]).toMatchObject({ reason: 'torn cable' });
});
