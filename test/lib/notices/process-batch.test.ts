import { Metrics } from '@aws-lambda-powertools/metrics';
import type { SQSRecord } from 'aws-lambda';
import { describe, expect, test, vi } from 'vitest';
import { processBatch } from '../../../lib/notices/ingest.ts';
import { stateOf } from '../../../lib/notices/notice.ts';
import { deliverPending } from '../../../lib/notices/sweep.ts';
import { messages } from '../../../lib/runtime/log.ts';
import { metricNames } from '../../../lib/runtime/metrics.ts';
import { startBridge } from '../../support/bridge.ts';
import { sqsRecord, statusChanged } from '../../support/events.ts';
import { claimed } from '../../support/incoming.ts';
import { requestsOf } from '../../support/stack.ts';

const failedIds = (failures: { itemIdentifier: string }[]) =>
  failures.map(({ itemIdentifier }) => itemIdentifier);

const start = async (options: Parameters<typeof startBridge>[0] = {}) => {
  const bridge = await startBridge(options);
  const run = async (records: SQSRecord[], given: Parameters<typeof bridge.worker>[0] = {}) =>
    failedIds(await processBatch(bridge.worker(given), records));
  return { ...bridge, run };
};

describe('a batch', () => {
  test('is sent, and no record is returned to the queue', async () => {
    const { run, brevo } = await start();
    const first = sqsRecord(statusChanged({ orderId: '1', status: 'paid' }));
    const second = sqsRecord(statusChanged({ orderId: '2', status: 'shipped', locale: 'fr-CA' }));
    expect(await run([first, second])).toEqual([]);
    expect(await brevo.chat()).toEqual([
      expect.stringContaining('received your payment'),
      expect.stringMatching(/commande 2 .*(route|expédi)/),
    ]);
  });

  test('is stored notice by notice, so that no lease runs while its notice waits', async () => {
    const { run, store } = await start();
    const sending: number[] = [];
    const watched: typeof fetch = async (...request) => {
      const notices = await Promise.all(['1', '2', '3'].map((id) => store.read(`order:${id}`)));
      sending.push(notices.filter((notice) => stateOf(notice) === 'sending').length);
      return fetch(...request);
    };
    await run(
      ['1', '2', '3'].map((orderId) => sqsRecord(statusChanged({ orderId }))),
      { fetch: watched },
    );
    expect(sending).toEqual([1, 1, 1]);
  });

  test.each([1, 10])(
    'of %i new events that name number and language costs five requests to the database each, and a repeat two',
    async (count) => {
      const { run, client } = await start();
      await run([sqsRecord(statusChanged({ orderId: 'first' }))]);
      const made = requestsOf(client);
      const records = Array.from({ length: count }, (_, orderId) =>
        sqsRecord(statusChanged({ orderId: String(orderId), orderNumber: String(orderId), locale: 'en' })),
      );
      await run(records);
      expect(made).toHaveLength(5 * count);
      made.length = 0;
      await run(records);
      // If a failed condition does not return the item, as here, it must be read.
      expect(made.filter((command) => command !== 'GetItemCommand')).toEqual(
        records.flatMap(() => ['UpdateItemCommand', 'UpdateItemCommand']),
      );
    },
  );

  test('with several statuses of one order costs one request', async () => {
    const { run, brevo } = await start();
    const statuses = ['shipped', 'paid', 'delivered', 'processing'];
    expect(await run(statuses.map((status, at) => sqsRecord(statusChanged({ status, at }))))).toEqual([]);
    expect(await brevo.requests()).toEqual(['POST created']);
    expect(await brevo.chat()).toEqual([expect.stringContaining('delivered')]);
  });

  test('calls Brevo for the most urgent notices first, then by time of occurrence', async () => {
    const { run, brevo } = await start();
    const requested = (reference: string, priority: string, at: number) =>
      sqsRecord({
        type: 'notice.requested',
        data: { reference, visitorId: 'visitor-1', text: reference, priority },
        at,
      });
    await run([requested('c', 'low', 0), requested('b', 'high', 2), requested('a', 'high', 1)]);
    expect(await brevo.chat()).toEqual(['a', 'b', 'c']);
  });

  test('with an announcement sends it to every visitor once', async () => {
    const { run, brevo } = await start();
    const visitorIds = Array.from({ length: 30 }, (_, index) => `visitor-${index}`);
    const data = { announcementId: 'spring', visitorIds, texts: { en: 'Sale!', de: 'Ausverkauf!' } };
    const record = sqsRecord({ type: 'announcement.published', data, at: 0 });
    expect(await run([record])).toEqual([]);
    expect(await run([record])).toEqual([]);
    expect(await brevo.requests()).toHaveLength(30);
    expect(await brevo.chat('visitor-7')).toEqual(['Sale!']);
  });
});

describe('a record that can never be read', () => {
  const unreadable = [
    ['no JSON', 'hello', 'not JSON'],
    ['JSON that is no object', '[1]', 'expected object'],
    ['an unknown type', JSON.stringify({ 'detail-type': 'order.exploded' }), 'detail-type'],
    ['a wrong status', sqsRecord(statusChanged({ status: 'lost' })).body, "'lost' is not one of pending"],
    ['a missing field', sqsRecord(statusChanged({ orderId: undefined })).body, 'detail.data.orderId'],
  ] as const;

  test.each(unreadable)(
    'goes to the dead-letter queue immediately with the reason: %s',
    async (_, body, reason) => {
      const { run, deadLetters, brevo } = await start();
      const bad = { ...sqsRecord(statusChanged({})), messageId: 'bad', body };
      expect(await run([bad, sqsRecord(statusChanged({ orderId: '2' }))])).toEqual([]);
      expect(deadLetters).toEqual([{ body, reason: expect.stringContaining(reason) }]);
      expect(await brevo.chat()).toHaveLength(1);
    },
  );

  test('stays out of the dead-letter queue if it is only a webhook’s unknown status', async () => {
    const { run, deadLetters, worker } = await start();
    const logged: unknown[] = [];
    const metrics = new Metrics({ namespace: 'test' });
    const { logger } = worker();
    const watched = Object.assign(Object.create(logger), {
      error: (...said: unknown[]) => logged.push(said),
    });
    const count = vi.spyOn(metrics, 'addMetric');
    const record = sqsRecord(statusChanged({ status: 'lasering' }));
    const body = record.body.replace('"service":"shop"', '"service":"webhooks.woocommerce"');
    expect(await run([{ ...record, body }], { metrics, logger: watched })).toEqual([]);
    expect(deadLetters).toEqual([]);
    expect(logged).toEqual([[messages.unknownStatus, { recordId: record.messageId, status: 'lasering' }]]);
    expect(count).toHaveBeenCalledWith(metricNames.unknownStatus, 'Count', 1);
    expect(count).toHaveBeenCalledTimes(1);
  });

  test('is returned to the queue if the dead-letter queue fails', async () => {
    const { run } = await start();
    const bad = { ...sqsRecord(statusChanged({})), messageId: 'bad', body: 'hello' };
    expect(await run([bad], { deadLetter: async () => Promise.reject(new Error('down')) })).toEqual(['bad']);
  });

  test('is distinguished from a faulty text function, which fails only its own record', async () => {
    const { run, worker, deadLetters, brevo } = await start();
    const standard = worker().config;
    const config = {
      ...standard,
      texts: {
        ...standard.texts,
        en: {
          ...standard.texts.en,
          shipped: () => {
            throw new TypeError('oops');
          },
        },
      },
    };
    const wrong = sqsRecord(statusChanged({ status: 'shipped' }));
    const right = sqsRecord(statusChanged({ orderId: '2' }));
    expect(await run([wrong, right], { config })).toEqual([wrong.messageId]);
    expect(deadLetters).toEqual([]);
    expect(await brevo.chat()).toHaveLength(1);
  });
});

describe('a record is returned to the queue', () => {
  test('if its own desired state could not be stored', async () => {
    const { run, store, brevo } = await start();
    const failing = {
      ...store,
      record: (async (incoming, lease) => {
        if (incoming.reference === 'order:1') throw new Error('throttled');
        return store.record(incoming, lease);
      }) satisfies typeof store.record,
    };
    const records = ['1', '2'].map((orderId) => sqsRecord(statusChanged({ orderId })));
    expect(await run(records, { store: failing })).toEqual([records[0]?.messageId]);
    expect(await brevo.chat()).toHaveLength(1);
  });
});

describe('a stored desired state is safe, and its record is done,', () => {
  test('if Brevo is unreachable', async () => {
    const { run, brevo, worker, clock } = await start();
    await brevo.control('faults', [{ times: 1, kind: 'status', status: 503 }]);
    expect(await run([sqsRecord(statusChanged({}))])).toEqual([]);
    await deliverPending(worker());
    expect(await brevo.chat()).toEqual([]);
    clock.now += 60_000;
    await deliverPending(worker());
    expect(await brevo.chat()).toHaveLength(1);
  });

  test('if there is no time left', async () => {
    const { run, store, brevo } = await start();
    expect(await run([sqsRecord(statusChanged({}))], { hasTime: () => false })).toEqual([]);
    expect(await store.read('order:1001')).toMatchObject({ desired: { status: 'paid' } });
    expect((await store.read('order:1001')).call).toBeUndefined();
    expect(await brevo.requests()).toEqual([]);
  });

  test('if the budget is used up, and the rest of the batch is not tried', async () => {
    const { run, store, brevo, budget } = await start({
      plan: { limit: 2, windowMs: 3_600_000, scope: 'account' },
    });
    expect(await run(['1', '2', '3'].map((orderId) => sqsRecord(statusChanged({ orderId }))))).toEqual([]);
    expect(await brevo.requests()).toHaveLength(1);
    expect((await store.due(25)).map(({ reference }) => reference)).toEqual(['order:2', 'order:3']);
    expect((await budget.state()).backlog).toEqual(['account']);
  });

  test('if another worker holds the lease', async () => {
    const { run, store, brevo } = await start();
    const record = sqsRecord(statusChanged({}));
    await run([record], { hasTime: () => false });
    await store.change('order:1001', (notice) => claimed(notice).notice);
    expect(await run([record])).toEqual([]);
    expect(await brevo.requests()).toEqual([]);
  });

  test('if the outcome could not be stored, and the notice is then held', async () => {
    const { run, store, brevo, worker, clock } = await start();
    const failing = { ...store, pointTo: async () => Promise.reject(new Error('throttled')) };
    expect(await run([sqsRecord(statusChanged({}))], { store: failing })).toEqual([]);
    clock.now += 60_000;
    await deliverPending(worker());
    expect(stateOf(await store.read('order:1001'))).toBe('unknown');
    expect(await brevo.requests()).toEqual(['POST created']);
  });
});

describe('Brevo is not called', () => {
  test('for an event that is too old', async () => {
    const { run, brevo, clock } = await start();
    clock.now += 25 * 3_600_000;
    expect(await run([sqsRecord(statusChanged({}))])).toEqual([]);
    expect(await brevo.requests()).toEqual([]);
  });

  test('for an order without a known visitor', async () => {
    const { run, brevo } = await start();
    expect(await run([sqsRecord(statusChanged({ visitorId: undefined }))])).toEqual([]);
    expect(await brevo.requests()).toEqual([]);
  });
});

test.each([1, 2])('each of %i events that name no visitor is counted', async (count) => {
  const { run } = await start();
  const metrics = new Metrics({ namespace: 'test' });
  const counted = vi.spyOn(metrics, 'addMetric');
  const records = Array.from({ length: count }, (_, orderId) =>
    sqsRecord(statusChanged({ orderId: String(orderId), visitorId: undefined })),
  );
  await run(records, { metrics });
  expect(counted.mock.calls.filter(([name]) => name === metricNames.unaddressed)).toHaveLength(count);
});
