import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { stateOf } from '../../../lib/notices/notice.ts';
import type { Worker } from '../../../lib/notices/reconcile.ts';
import type { Recorded } from '../../../lib/notices/record.ts';
import { deliverPending, reportHeld } from '../../../lib/notices/sweep.ts';
import { startBridge } from '../../support/bridge.ts';
import { incomingOrder, noon } from '../../support/incoming.ts';

const hour = 3_600_000;

const start = async (limit = 1000) => {
  const bridge = await startBridge({ plan: { limit, windowMs: hour, scope: 'account' } });
  const wait = async (count: number, given: Parameters<typeof incomingOrder>[0] = {}) => {
    for (let index = 0; index < count; index++) {
      bridge.clock.now++;
      const number = String(index).padStart(3, '0');
      const reference = `${given.priority ?? 2}-${number}`;
      await bridge.store.record(incomingOrder({ ...given, reference, text: reference }));
    }
  };
  return { ...bridge, wait };
};

const deliverNow = async (recorded: Promise<Recorded>, worker: Worker) => {
  await recorded;
  await deliverPending(worker);
};

describe('waiting notices are delivered', () => {
  test('most urgent first, then oldest first', async () => {
    const { wait, worker, brevo } = await start();
    await wait(2, { priority: 3 });
    await wait(2, { priority: 2 });
    await wait(2, { priority: 1 });
    await deliverPending(worker());
    expect(await brevo.chat()).toEqual(['1-000', '1-001', '2-000', '2-001', '3-000', '3-001']);
  });

  test('even if there is more than one page', async () => {
    const { wait, worker, brevo, store } = await start();
    await wait(60);
    await deliverPending(worker());
    expect(await brevo.chat()).toHaveLength(60);
    expect(await store.due(25)).toEqual([]);
  });

  test('as far as the budget allows, and the rest when it allows more', async () => {
    const { wait, worker, brevo, clock, budget } = await start(10);
    await wait(15);
    await deliverPending(worker());
    expect(await brevo.chat()).toHaveLength(9);
    expect((await budget.state()).backlog).toEqual(['account']);
    clock.now += hour;
    await deliverPending(worker());
    expect(await brevo.requests()).toHaveLength(9);
    clock.now += 2 * 60_000;
    await deliverPending(worker());
    expect(await brevo.chat()).toHaveLength(15);
    await deliverPending(worker());
    expect((await budget.state()).backlog).toEqual([]);
  });

  test('although edits wait for nothing, when posts are out of budget and each endpoint has a limit', async () => {
    const { store, worker, brevo } = await startBridge({
      plan: { limit: 3, windowMs: hour, scope: 'endpoint' },
    });
    const sent = incomingOrder({ reference: 'sent', text: 'first' });
    await deliverNow(store.record(sent), worker());
    for (const reference of ['a', 'b', 'c'])
      await store.record(incomingOrder({ reference, text: reference, priority: 1 }));
    await store.record(incomingOrder({ reference: 'sent', text: 'second', at: 1, priority: 3 }));
    await deliverPending(worker());
    expect(await brevo.chat()).toContain('second');
  });

  test('although the index lists many that were delivered long ago', async () => {
    const { wait, worker, brevo, store } = await start();
    await wait(40, { priority: 1 });
    const stale = await store.due(100);
    await deliverPending(worker());
    await wait(1, { priority: 1 });
    await store.record(incomingOrder({ reference: 'new', text: 'new', priority: 1 }));
    const due: typeof store.due = async (limit) => [...stale, ...(await store.due(limit))].slice(0, limit);
    await deliverPending(worker({ store: { ...store, due } }));
    expect(await brevo.chat()).toContain('new');
  });

  test('although one of them cannot be read', async () => {
    const { wait, worker, brevo, client, tableName } = await start();
    await wait(1);
    const Item = {
      key: { S: 'notice#odd' },
      queue: { S: 'due' },
      queueOrder: { S: '1.000000000000000' },
      version: { S: 'x' },
    };
    await client.send(new PutItemCommand({ TableName: tableName, Item }));
    await deliverPending(worker());
    expect(await brevo.chat()).toEqual(['2-000']);
  });

  test('and a new event waits no longer once they all are, although others keep arriving', async () => {
    const { wait, worker, clock, budget } = await start(10);
    await wait(12);
    await deliverPending(worker());
    for (let minutes = 0; minutes < 70; minutes++) {
      clock.now += 60_000;
      // One waits at each tick, as in a shop that is never quiet.
      if (minutes % 10 === 0) await wait(1, { priority: 1 });
      await deliverPending(worker());
    }
    expect(await budget.take('messages', 'POST /conversations/pushedMessages', { arrival: true })).toBe(true);
  });

  test('once, even if several runs overlap', async () => {
    const { wait, worker, brevo } = await start();
    await wait(20);
    await Promise.all([deliverPending(worker()), deliverPending(worker()), deliverPending(worker())]);
    expect((await brevo.chat()).toSorted()).toHaveLength(20);
    expect(new Set(await brevo.chat()).size).toBe(20);
  });

  test('as far as time allows', async () => {
    const { wait, worker, brevo } = await start();
    await wait(5);
    let calls = 0;
    await deliverPending(worker({ hasTime: () => calls++ < 4 }));
    const sent = (await brevo.requests()).length;
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(5);
  });

  test('even if one of them cannot be reconciled', async () => {
    const { wait, worker, brevo, store } = await start();
    await wait(3);
    const failing = {
      ...store,
      pointTo: async (messageId: string, reference: string) =>
        reference === '2-000' ? Promise.reject(new Error('throttled')) : store.pointTo(messageId, reference),
    };
    await deliverPending(worker({ store: failing }));
    expect(await brevo.chat()).toHaveLength(3);
    expect(stateOf(await store.read('2-000'))).toBe('sending');
    expect(stateOf(await store.read('2-002'))).toBe('settled');
  });

  test('only when they are due', async () => {
    const { worker, brevo, store, clock } = await start();
    await store.record(incomingOrder());
    await store.change('order:1001', (notice) => ({ ...notice, dueAt: noon + 60_000 }));
    await deliverPending(worker());
    expect(await brevo.requests()).toEqual([]);
    clock.now += 60_000;
    await deliverPending(worker());
    expect(await brevo.chat()).toHaveLength(1);
  });
});

describe('if Brevo', () => {
  test('answers 429, nothing more is sent until the reset', async () => {
    const { wait, worker, brevo, clock } = await start();
    await wait(3);
    await brevo.control('limit', { limit: 1, windowSeconds: 3600, kind: 'fixed' });
    await deliverPending(worker());
    const asked = (await brevo.requests()).length;
    expect(asked).toBeLessThanOrEqual(2);
    clock.now += 60_000;
    await deliverPending(worker());
    expect(await brevo.requests()).toHaveLength(asked);
  });

  test('denies access, everything waits and nothing fails', async () => {
    const { wait, worker, brevo, clock, store, budget } = await start();
    await wait(4);
    await brevo.control('faults', [{ times: 2, kind: 'status', status: 401 }]);
    await deliverPending(worker());
    expect(await brevo.requests()).toHaveLength(1);
    expect((await budget.state()).paused).toMatchObject({ reason: 'unauthorised' });
    clock.now += 60_000;
    await deliverPending(worker());
    expect(await brevo.requests()).toHaveLength(1);
    clock.now += 2 * 60_000;
    await deliverPending(worker());
    expect(await brevo.requests()).toHaveLength(2);
    clock.now += 3 * 60_000;
    await deliverPending(worker());
    expect(await brevo.chat()).toHaveLength(4);
    expect(await store.due(25)).toEqual([]);
    expect((await budget.state()).paused).toBeUndefined();
  });
});

test('a new event queues behind waiting notices', async () => {
  const { budget } = await start();
  await budget.noteBacklog(['account']);
  expect(await budget.take('messages', 'POST /x', { arrival: true })).toBe(false);
  expect(await budget.take('messages', 'POST /x')).toBe(true);
});

test('notices that need an operator are counted until they are resolved, unknown and refused ones separately', async () => {
  const { brevo, store, worker } = await startBridge();
  const measured = async () => {
    const measuring = worker();
    await reportHeld(measuring);
    const { UnknownHeld, RefusedHeld } = measuring.metrics.serializeMetrics();
    return { UnknownHeld, RefusedHeld };
  };
  for (const reference of ['lost-1', 'lost-2', 'refused', 'fine'])
    await store.record(incomingOrder({ reference, text: reference }));
  expect(await measured()).toEqual({ UnknownHeld: 0, RefusedHeld: 0 });

  await brevo.control('faults', [
    { match: { method: 'POST', body: 'lost' }, times: 2, kind: 'reset-after' },
    { match: { method: 'POST', body: 'refused' }, kind: 'status', status: 400 },
  ]);
  await deliverPending(worker());
  expect(await measured()).toEqual({ UnknownHeld: 2, RefusedHeld: 1 });
  expect(await measured()).toEqual({ UnknownHeld: 2, RefusedHeld: 1 });
});
