import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type BudgetOptions, createBudget, type RequestBudget } from '../../../lib/budget/budget-store.ts';
import { cases } from '../../support/in-depth.ts';
import { noon } from '../../support/incoming.ts';
import { requestsOf, startTestStore } from '../../support/stack.ts';

const minute = 60_000;
const post = 'POST /conversations/pushedMessages';
const put = 'PUT /conversations/pushedMessages';

const start = async (given: Partial<BudgetOptions> = {}) => {
  const clock = { now: noon };
  const { client, tableName } = await startTestStore(() => clock.now);
  const requests = requestsOf(client);
  const connect = () =>
    createBudget({
      client,
      tableName,
      plan: { limit: 10, windowMs: 60 * minute, scope: 'account' },
      upcoming: (_now, _stepMs, steps) => Array.from({ length: steps }, () => 0),
      now: () => clock.now,
      random: Math.random,
      pause,
      ...given,
    });
  /** Does something once a write has been applied, in place of handing on its answer. Only once. */
  const afterPut = (react: <Answer>(repeat: () => Promise<Answer>) => Promise<Answer>) => {
    let isDone = false;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          if (commandName !== 'PutItemCommand' || isDone) return answer;
          isDone = true;
          return react(() => next(args));
        },
      { step: 'build' },
    );
  };
  return { clock, client, connect, budget: connect(), requests, afterPut };
};

const ping = 'POST /conversations/agentOnlinePing';

describe('the shared budget', () => {
  test('is never overdrawn, however many functions take requests at the same time', async () => {
    const { connect } = await start();
    const takers = Array.from({ length: 6 }, connect);
    const asked = takers.flatMap((budget) => Array.from({ length: 4 }, () => budget.take('messages', post)));
    const granted = (await Promise.all(asked)).filter(Boolean);
    expect(granted).toHaveLength(9);
  });

  test('lets many functions take a request each at the same time, with few writes', async () => {
    const functions = cases(20, 50);
    const { connect, requests } = await start({
      plan: { limit: 200, windowMs: 60 * minute, scope: 'account' },
    });
    const granted = await Promise.all(
      Array.from({ length: functions }, () => connect().take('messages', post)),
    );
    expect(granted.every(Boolean)).toBe(true);
    expect(requests.filter((name) => name === 'PutItemCommand').length).toBeLessThanOrEqual(6 * functions);
  });

  describe('counts a request once, although the answer to its write was lost', () => {
    const countIn = async ({ state }: RequestBudget) =>
      (await state()).meters.account?.buckets.reduce((sum, { messages }) => sum + messages, 0);

    test('and the SDK repeated the write', async () => {
      const { budget, afterPut } = await start();
      afterPut((repeat) => repeat());
      expect(await budget.take('messages', post)).toBe(true);
      expect(await countIn(budget)).toBe(1);
    });

    test('and another function wrote before the SDK repeated it', async () => {
      const { budget, connect, afterPut } = await start();
      afterPut(async (repeat) => {
        await connect().take('messages', post);
        return repeat();
      });
      expect(await budget.take('messages', post)).toBe(true);
      expect(await countIn(budget)).toBe(2);
    });

    test('and the SDK gave up', async () => {
      const { budget, connect, afterPut } = await start();
      afterPut(async () => {
        await connect().take('messages', post);
        throw new Error('timed out');
      });
      expect(await budget.take('messages', post)).toBe(true);
      expect(await countIn(budget)).toBe(2);
    });
  });

  test('pauses longer after each collision, and gives up after twenty', async () => {
    const pauses: number[] = [];
    const { connect, client } = await start({
      random: () => 0.5,
      pause: async (milliseconds) => void pauses.push(milliseconds),
    });
    client.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          const ConditionExpression =
            '#version = :version AND #key = :none AND attribute_exists(changedByAnother)';
          return next(
            commandName === 'PutItemCommand'
              ? Object.assign(args, { input: { ...args.input, ConditionExpression } })
              : args,
          );
        },
      { step: 'initialize' },
    );
    await expect(connect().take('messages', post)).rejects.toThrow('during each of 20 attempts');
    expect(pauses.slice(0, 6)).toEqual([50, 100, 200, 400, 800, 800]);
    expect(pauses).toHaveLength(20);
  });

  test('remembers its last fifty writes, and no more', async () => {
    const { budget } = await start({ plan: { limit: 100, windowMs: 60 * minute, scope: 'account' } });
    for (let count = 0; count < 52; count++) await budget.take('messages', post);
    expect(new Set((await budget.state()).writes).size).toBe(50);
  });

  test('costs one round trip for a request, once it has been read', async () => {
    const { budget, requests } = await start();
    await budget.take('messages', post);
    requests.length = 0;
    expect(await budget.take('messages', post)).toBe(true);
    await budget.report(post, {
      lane: 'messages',
      rateLimit: { limit: 10, remaining: 8, resetSeconds: 3600 },
    });
    expect(requests).toEqual(['PutItemCommand']);
  });

  test('notes a backlog when it refuses a request, based on the stored state and not on the kept copy', async () => {
    const { budget, connect } = await start();
    const other = connect();
    for (let count = 0; count < 9; count++) await budget.take('messages', post);
    expect(await other.take('messages', post)).toBe(false);
    expect((await budget.state()).backlog).toEqual(['account']);
    expect(await budget.take('messages', post)).toBe(false);
    expect(await budget.take('http', post)).toBe(true);
    expect(await budget.take('http', post)).toBe(false);
    await other.noteBacklog([]);
    await other.noteBacklog([]);
    expect((await budget.state()).backlog).toEqual([]);
  });

  test('is closed for every function by a single 429', async () => {
    const { budget, connect, clock } = await start();
    await budget.take('messages', post);
    await budget.report(post, { lane: 'messages', rateLimit: { resetSeconds: 300 }, fault: 'rate-limited' });
    expect(await connect().take('messages', post)).toBe(false);
    clock.now += 300_000;
    expect(await connect().take('messages', post)).toBe(true);
  });

  test('has a meter for each endpoint if Brevo counts them separately, so pings take nothing from messages', async () => {
    const upcoming = (_now: number, _stepMs: number, steps: number) =>
      Array.from({ length: steps }, () => 1000);
    const plan = { limit: 10, windowMs: 60 * minute, scope: 'endpoint' } as const;
    const { budget } = await start({ plan, upcoming });
    for (let count = 0; count < 9; count++) expect(await budget.take('messages', post)).toBe(true);
    expect(await budget.take('messages', post)).toBe(false);
    expect(await budget.take('messages', put)).toBe(true);
  });

  test('leaves enough for presence, considering the last pings', async () => {
    const known: unknown[] = [];
    const { budget } = await start({
      upcoming: (_now, _stepMs, steps, given) => {
        known.push(given);
        return Array.from({ length: steps }, () => 8);
      },
    });
    await budget.takePings(ping, ['liz'], minute);
    expect(await budget.take('messages', post)).toBe(false);
    expect(known.at(-1)).toEqual({ lastPings: { liz: noon }, limit: 10 });
  });
});

describe('pings', () => {
  test('are granted to agents whose last ping is old enough, in one write', async () => {
    const { budget, clock, requests } = await start();
    expect(await budget.takePings(ping, ['a', 'b'], minute)).toEqual(['a', 'b']);
    clock.now += minute - 1;
    expect(await budget.takePings(ping, ['a', 'b'], minute)).toEqual([]);
    clock.now += 1;
    requests.length = 0;
    expect(await budget.takePings(ping, ['a', 'b', 'c'], minute)).toEqual(['c', 'a', 'b']);
    expect(requests).toEqual(['PutItemCommand']);
  });

  test('are granted as far as the budget allows, to the agents who have waited longest', async () => {
    const { budget, clock } = await start();
    await budget.takePings(ping, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], 0);
    clock.now += minute;
    expect(await budget.takePings(ping, ['a', 'b', 'i', 'j'], minute)).toEqual(['i', 'j']);
  });

  test('are due again immediately if they failed', async () => {
    const { budget } = await start();
    await budget.takePings(ping, ['a'], minute);
    await budget.report('POST /conversations/agentOnlinePing', {
      lane: 'presence',
      rateLimit: {},
      fault: 'unavailable',
      failedPing: 'a',
    });
    expect(await budget.takePings(ping, ['a'], minute)).toEqual(['a']);
  });

  test('that were noted but never sent, because the table failed, are due again immediately', async () => {
    const { budget, clock, client, afterPut } = await start();
    let isTableDown = false;
    client.middlewareStack.add(
      (next) => (args) => (isTableDown ? Promise.reject(new Error('table down')) : next(args)),
      { step: 'build' },
    );
    afterPut(() => {
      isTableDown = true;
      return Promise.reject(new Error('timed out'));
    });
    await expect(budget.takePings(ping, ['a', 'b'], minute)).rejects.toThrow('table down');
    isTableDown = false;
    clock.now += 1;
    expect(await budget.takePings(ping, ['a', 'b'], minute)).toEqual(['a', 'b']);
    clock.now += 1;
    expect(await budget.takePings(ping, ['a', 'b'], minute)).toEqual([]);
  });

  test('probe one at a time during a pause, and end it', async () => {
    const { budget, clock } = await start();
    await budget.report(post, { lane: 'messages', rateLimit: {}, fault: 'unauthorised' });
    expect(await budget.takePings(ping, ['a', 'b'], minute)).toEqual([]);
    clock.now += 2 * minute;
    expect(await budget.takePings(ping, ['a', 'b'], minute)).toEqual(['a']);
    expect(await budget.take('messages', post)).toBe(false);
    await budget.report(post, { lane: 'messages', rateLimit: {} });
    expect(await budget.takePings(ping, ['a', 'b'], minute)).toEqual(['b']);
  });
});

test('an error of the table is passed on', async () => {
  const { connect } = await start({ tableName: 'no-such-table' });
  await expect(connect().take('messages', post)).rejects.toThrow(/resource|table/i);
});

describe('the time until a request is free', () => {
  test('is zero, or the time until the oldest requests no longer count', async () => {
    const { budget, clock } = await start();
    expect(await budget.secondsUntilFree('messages', post)).toBe(0);
    for (let count = 0; count < 9; count++) await budget.take('messages', post);
    const seconds = await budget.secondsUntilFree('messages', post);
    expect(seconds).toBeGreaterThan(3_600);
    expect(await budget.secondsUntilFree('http', post)).toBe(0);
    clock.now += (seconds - 60) * 1_000;
    expect(await budget.take('messages', post)).toBe(false);
    clock.now += 60_000;
    expect(await budget.take('messages', post)).toBe(true);
  });

  test('is at most the time for which a request counts, if agents need the whole limit', async () => {
    const { budget } = await start({
      upcoming: (_now, _stepMs, steps) => Array.from({ length: steps }, () => 10),
    });
    expect(await budget.secondsUntilFree('http', post)).toBe(62 * 60);
  });

  test('includes a pause', async () => {
    const { budget } = await start();
    await budget.report(post, { lane: 'messages', rateLimit: {}, fault: 'unauthorised' });
    expect(await budget.secondsUntilFree('http', post)).toBe(180);
  });
});
