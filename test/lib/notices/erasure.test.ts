import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from 'vitest';
import { answerFor } from '../../../lib/http/notice-changes.ts';
import { eraseSome, eraseVisitors, progressOf } from '../../../lib/notices/erasure.ts';
import { ingest, processBatch } from '../../../lib/notices/ingest.ts';
import { isTombstone, stateOf } from '../../../lib/notices/notice.ts';
import type { Worker } from '../../../lib/notices/reconcile.ts';
import { reconcile } from '../../../lib/notices/reconcile.ts';
import { deliverPending } from '../../../lib/notices/sweep.ts';
import { startBridge } from '../../support/bridge.ts';
import { sqsRecord, statusChanged } from '../../support/events.ts';
import { incomingOrder, incomingTimed, noon } from '../../support/incoming.ts';
import { captureLog } from '../../support/logger.ts';
import { requestsOf } from '../../support/stack.ts';

const minute = 60_000;

const start = async (limit = 1000) => {
  const bridge = await startBridge({ plan: { limit, windowMs: 60 * minute, scope: 'account' } });
  const { store, worker, client, tableName, clock } = bridge;
  return {
    ...bridge,
    deliver: async (given: Parameters<typeof incomingOrder>[0] = {}) =>
      (await reconcile(worker(), (await store.record(incomingOrder(given))).notice)).notice,
    /** All stored items except the budget, and the tombstones among them. */
    stored: async () => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
      const items = Items.map((item) => unmarshall(item)).filter(({ key }) => key !== 'budget');
      const { tombstones = [], left = [] } = Object.groupBy(items, ({ key, desired, visitorId }) =>
        key.startsWith('notice#') && desired === undefined && visitorId === undefined ? 'tombstones' : 'left',
      );
      return { tombstones, left };
    },
    begin: store.erasures.begin,
    /** Runs deliver-pending some minutes after the previous run. */
    run: async (given: Partial<Worker> = {}, minutes = 1) => {
      clock.now += minutes * minute;
      const at = worker(given);
      await deliverPending(at);
      await eraseVisitors(at);
    },
  };
};

describe('erasing a visitor', () => {
  test('leaves no message in the chat, and only references in the table, for fourteen days', async () => {
    const { begin, deliver, run, worker, brevo, stored } = await start();
    await deliver({ status: 'paid' });
    await deliver({ status: 'shipped' });
    await deliver({ reference: 'order:1001/shipment:7', order: 'order:1001', status: 'shipped' });
    await deliver({ reference: 'announcement:spring:visitor-1' });
    await deliver({ reference: 'order:2002', visitorId: 'visitor-2' });
    const erasure = await begin('visitor-1');
    await eraseSome(worker(), erasure);
    expect(await brevo.chat()).toEqual([]);
    await run();
    await run({}, 15);
    const { left, tombstones } = await stored();
    expect(JSON.stringify(left)).not.toMatch(/visitor-1|order:1001/);
    const reference = 'order:1001';
    expect(tombstones.find((tombstone) => tombstone.reference === reference)).toEqual({
      key: `notice#${reference}`,
      reference,
      version: expect.any(Number),
      revision: 0,
      reopenedAt: noon,
      dueAt: 0,
      cooldownUntil: 0,
      attempts: 0,
      expiresAt: noon / 1000 + 14 * 86_400,
    });
    expect(left.map(({ reference }) => reference)).toEqual(['order:2002', 'order:2002']);
    expect(await brevo.chat('visitor-2')).toHaveLength(1);
  });

  test('ends after an operator retried a deletion that Brevo had refused', async () => {
    const { begin, deliver, run, store, brevo, clock, stored } = await start();
    await deliver();
    await begin('visitor-1');
    await brevo.control('faults', [{ match: { method: 'DELETE' }, times: 1, kind: 'status', status: 400 }]);
    await run();
    expect(stateOf(await store.read('order:1001'))).toBe('refused');
    const operator = { store, now: () => clock.now, mayRetry: () => true };
    await answerFor(operator, 'order:1001/resolve', { action: 'retry' });
    await expect(answerFor(operator, 'order:1001/resolve', { action: 'resend' })).rejects.toThrow(
      'being erased',
    );
    await run();
    await run({}, 15);
    expect(await brevo.chat()).toEqual([]);
    expect((await stored()).left).toEqual([]);
  });

  test('ends after fifteen minutes without notices, and publishes an event', async () => {
    const { begin, deliver, run, worker, published, clock } = await start();
    const { logger, lines } = captureLog();
    await deliver();
    clock.now += 1;
    await begin('visitor-1');
    published.length = 0;
    await run({ logger });
    const seen = clock.now;
    clock.now = seen + 15 * minute - 1;
    await eraseVisitors(worker({ logger }));
    expect(await progressOf(worker(), 'visitor-1')).toMatchObject({
      notices: 0,
      messages: 0,
      unreachable: 0,
    });
    clock.now = seen + 15 * minute;
    await Promise.all([eraseVisitors(worker({ logger })), eraseVisitors(worker({ logger }))]);
    expect(await progressOf(worker(), 'visitor-1')).toBeUndefined();
    const events = published.filter(({ type }) => type === 'visitor.erased');
    // Two runs at the same time may both publish it, with one id.
    expect(events).toContainEqual({
      type: 'visitor.erased',
      id: `visitor.erased:visitor-1:${noon + 1}`,
      at: seen + 15 * minute,
      data: { visitorId: 'visitor-1', erased: 1, unreachable: 0 },
    });
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
    const ended = lines.filter(({ message }) => message === 'visitor erased');
    expect(ended).toMatchObject([{ erased: 1, unreachable: 0 }]);
    expect(JSON.stringify(ended)).not.toContain('visitor-1');
  });

  test('ends for an unknown visitor too, once the bus takes the event', async () => {
    const { begin, run, stored, published } = await start();
    await begin('visitor-1');
    await run({ publish: async () => Promise.reject(new Error('bus down')) }, 15);
    expect((await stored()).left).toHaveLength(1);
    await run();
    expect(published).toMatchObject([{ type: 'visitor.erased', data: { erased: 0 } }]);
    expect((await stored()).left).toEqual([]);
  });

  test('continues if it is requested again', async () => {
    const { begin, clock } = await start();
    const first = await begin('visitor-1');
    clock.now += minute;
    expect(await begin('visitor-1')).toEqual(first);
    expect(first).toMatchObject({ requestedAt: noon, lastSeenAt: noon });
  });

  test('stops waiting messages immediately, and deletes as far as the budget allows', async () => {
    const { begin, deliver, run, worker, brevo, store, budget } = await start(10);
    for (const reference of ['a', 'b', 'c', 'd', 'e', 'f']) await deliver({ reference });
    await store.record(incomingOrder({ reference: 'waiting' }));
    while (await budget.take('messages', 'POST /x'));
    await eraseSome(worker(), await begin('visitor-1'));
    expect(await progressOf(worker(), 'visitor-1')).toEqual({
      visitorId: 'visitor-1',
      requestedAt: noon,
      notices: 6,
      messages: 6,
      unreachable: 0,
    });
    expect(await brevo.chat()).toHaveLength(6);
    for (let minutes = 0; minutes < 85; minutes++) await run();
    expect(await brevo.chat()).toEqual([]);
    expect(await progressOf(worker(), 'visitor-1')).toBeUndefined();
    expect((await brevo.requests()).filter((request) => request.startsWith('POST'))).toHaveLength(6);
  });

  test('refuses new desired states for known notices, and erases new notices', async () => {
    const { begin, deliver, run, worker, store, brevo, stored, clock } = await start();
    await deliver();
    await brevo.control('faults', [{ match: { method: 'DELETE' }, times: 1, kind: 'status', status: 503 }]);
    await eraseSome(worker(), await begin('visitor-1'));
    expect((await store.record(incomingOrder({ status: 'shipped' }))).result).toBe('outdated');
    const parcel = incomingOrder({
      reference: 'order:1001/shipment:7',
      order: 'order:1001',
      status: 'shipped',
    });
    const deps = { store, now: () => clock.now };
    expect((await ingest(deps, { kind: 'desire', incoming: parcel })).result).toBe('outdated');
    await store.record(incomingTimed('sale', 0));
    for (let minutes = 0; minutes < 3; minutes++) await run();
    await run({}, 15);
    expect(await brevo.chat()).toEqual([]);
    expect((await stored()).left).toEqual([]);
  });

  test('waits for a call in progress, and deletes the message that it posted', async () => {
    const { begin, run, worker, store, brevo, stored } = await start();
    const { notice } = await store.record(incomingOrder());
    const erasure = await begin('visitor-1');
    const poster = worker();
    const pointTo: Worker['store']['pointTo'] = async (...args) => {
      await eraseSome(worker(), erasure);
      await store.pointTo(...args);
    };
    await reconcile({ ...poster, store: { ...store, pointTo } }, notice);
    expect(await brevo.requests()).toEqual(['POST created', 'DELETE deleted']);
    await run();
    await run({}, 15);
    expect((await stored()).left).toEqual([]);
  });

  test('counts the messages that may be in the chat but cannot be deleted', async () => {
    const { begin, deliver, run, worker, brevo, published, stored } = await start();
    await brevo.control('faults', [{ match: { method: 'POST' }, times: 1, kind: 'reset-after' }]);
    await deliver();
    await begin('visitor-1');
    await run();
    expect(await progressOf(worker(), 'visitor-1')).toMatchObject({ unreachable: 1 });
    await run();
    await run({}, 15);
    expect(published.at(-1)).toMatchObject({ data: { erased: 1, unreachable: 1 } });
    expect((await stored()).left).toEqual([]);
  });

  test('includes notices that wait to learn the visitor from an order', async () => {
    const { begin, deliver, run, store, stored } = await start();
    await deliver();
    await store.record(incomingOrder({ reference: 'order:1001/refund:9', visitorId: undefined }));
    await store.change('order:1001', (order) => ({
      ...order,
      waiting: ['order:1001/refund:9', 'never-stored'],
    }));
    await begin('visitor-1');
    for (let minutes = 0; minutes < 3; minutes++) await run();
    await run({}, 15);
    expect((await stored()).left).toEqual([]);
  });

  test('copes with an index that lags', async () => {
    const { begin, deliver, worker, store, stored, clock } = await start();
    await deliver();
    await deliver({ reference: 'order:2002', visitorId: 'visitor-2' });
    const erasure = await begin('visitor-1');
    const lagging: Worker['store'] = {
      ...store,
      ofVisitor: async function* () {
        yield* ['order:1001', 'order:2002', 'long-gone'];
      },
    };
    clock.now += minute;
    await eraseSome(worker({ store: lagging }), erasure);
    clock.now += 20 * minute;
    await eraseSome(worker({ store: lagging }), erasure);
    expect(await store.erasures.read('visitor-1')).toMatchObject({ lastSeenAt: noon + minute, erased: 1 });
    expect(await progressOf(worker(), 'visitor-1')).toMatchObject({ notices: 0 });
    expect((await stored()).left.map(({ key }) => key).toSorted()).toEqual([
      'erasure#visitor-1',
      expect.stringContaining('message#'),
      'notice#order:2002',
    ]);
  });
});

describe('after an erasure', () => {
  test('a repeated event from before is ignored, and a later one is sent', async () => {
    const { begin, run, worker, store, brevo, stored, clock } = await start();
    const parcel = incomingOrder({ reference: 'order:1001/shipment:7', order: 'order:1001' });
    const happen = async () => {
      await processBatch(worker(), [sqsRecord(statusChanged({}))]);
      await ingest({ store, now: () => clock.now }, { kind: 'desire', incoming: parcel });
    };
    await happen();
    await begin('visitor-1');
    await run();
    await run({}, 15);
    await happen();
    await run();
    expect((await stored()).left).toEqual([]);
    expect(await brevo.chat()).toEqual([]);
    await processBatch(worker(), [sqsRecord(statusChanged({ status: 'shipped', at: 16 * minute }))]);
    expect(await brevo.chat()).toHaveLength(1);
  });
});

describe('a failing erasure', () => {
  test('does not stop other notices or other erasures', async () => {
    const { begin, deliver, worker, store, brevo } = await start();
    const { logger, logged } = captureLog();
    await deliver({ reference: 'a' });
    await deliver({ reference: 'b' });
    await deliver({ reference: 'c', visitorId: 'visitor-2' });
    await deliver({ reference: 'd', visitorId: 'visitor-3' });
    for (const visitorId of ['visitor-1', 'visitor-2', 'visitor-3']) await begin(visitorId);
    const failing: Worker['store'] = {
      ...store,
      change: async (reference, transition, seen) =>
        reference === 'a' && seen !== undefined
          ? Promise.reject(new Error('throttled'))
          : store.change(reference, transition, seen),
      ofVisitor: (visitorId) => {
        if (visitorId === 'visitor-2') throw new Error('throttled');
        return store.ofVisitor(visitorId);
      },
    };
    await eraseVisitors(worker({ store: failing, logger }));
    expect(await brevo.chat('visitor-1')).toHaveLength(1);
    expect(await brevo.chat('visitor-2')).toHaveLength(1);
    expect(await brevo.chat('visitor-3')).toEqual([]);
    expect([await store.read('a'), await store.read('b')].map(isTombstone)).toEqual([false, true]);
    expect(logged()).toContain('ERROR notice could not be reconciled, will retry');
    expect(logged()).toContain('ERROR visitor could not be erased, will retry');
  });

  test('does nothing more without time', async () => {
    const { begin, deliver, worker, brevo } = await start();
    await deliver();
    await eraseSome(worker({ hasTime: () => false }), await begin('visitor-1'));
    await eraseVisitors(worker({ hasTime: () => false }));
    expect(await brevo.chat()).toHaveLength(1);
  });
});

test('a run without erasures costs one request to the database', async () => {
  const { worker, client } = await start();
  const made = requestsOf(client);
  await eraseVisitors(worker());
  expect(made).toEqual(['QueryCommand']);
});
