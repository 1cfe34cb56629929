import { QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { blankNotice, type Notice, pendingDeletes } from '../../../lib/notices/notice.ts';
import { type Incoming, record, withdraw } from '../../../lib/notices/record.ts';
import { createNoticeStore } from '../../../lib/notices/store.ts';
import { orderStatuses } from '../../../lib/texts/order-status.ts';
import { called, incomingOrder, lease, noon, posted } from '../../support/incoming.ts';
import { requestsOf, startTestStore } from '../../support/stack.ts';

const start = async () => startTestStore(() => noon);

const refused = (notice: Notice) => called(notice, { kind: 'refused', reason: '400' });

describe('recording a desired state', () => {
  test('takes one round trip for a new notice, including the lease', async () => {
    const { store, client } = await start();
    const made = requestsOf(client);
    const { result, notice } = await store.record(incomingOrder(), lease);
    expect(made).toEqual(['UpdateItemCommand']);
    expect(result).toBe('accepted');
    expect(notice).toMatchObject({ revision: 1, version: 1, desired: { text: 'paid now' } });
    expect(notice.call).toMatchObject({ lease: lease.id, until: lease.until, step: 'post' });
    expect(await store.read('order:1001')).toEqual(notice);
  });

  test('takes one round trip for a newer desired state', async () => {
    const { store, client } = await start();
    await store.record(incomingOrder());
    await store.change('order:1001', (notice) => posted(notice, 'm1'));
    const made = requestsOf(client);
    const shipped = incomingOrder({ status: 'shipped', visitorId: undefined });
    const { result, notice } = await store.record(shipped, lease);
    expect(made).toEqual(['UpdateItemCommand']);
    expect(result).toBe('accepted');
    expect(notice).toMatchObject({
      revision: 2,
      version: 3,
      visitorId: 'visitor-1',
      desired: { status: 'shipped' },
    });
  });

  test('writes nothing for a duplicate', async () => {
    const { store, client } = await start();
    await store.record(incomingOrder());
    const made = requestsOf(client);
    expect((await store.record(incomingOrder())).result).toBe('duplicate');
    // If a failed condition does not return the item, as here, it must be read.
    expect(made).toEqual(['UpdateItemCommand', 'GetItemCommand']);
  });

  test('takes one round trip for a new notice with its request hash, which is kept', async () => {
    const { store, client } = await start();
    const made = requestsOf(client);
    const { notice } = await store.record({ ...incomingOrder(), request: 'r1' });
    expect(made).toEqual(['UpdateItemCommand']);
    expect(notice.request).toBe('r1');
    const again = await store.record({ ...incomingOrder({ status: 'shipped' }), request: 'r2' });
    expect(again).toMatchObject({ result: 'accepted', notice: { request: 'r1' } });
    await store.record(incomingOrder({ reference: 'unasked' }));
    const desired = incomingOrder({ reference: 'unasked', status: 'shipped' });
    expect((await store.record({ ...desired, request: 'r2' })).notice.request).toBeUndefined();
  });

  test('is refused while the visitor is being erased', async () => {
    const { store } = await start();
    await store.record(incomingOrder());
    const erasing = await store.change('order:1001', (notice) => ({ ...notice, erasing: true }));
    const recorded = await store.record(incomingOrder({ status: 'shipped' }));
    expect(recorded).toEqual({ result: 'outdated', notice: erasing });
  });

  test('keeps a lease that another worker holds', async () => {
    const { store } = await start();
    const first = { id: 'first', until: noon + 60_000 };
    await store.record(incomingOrder(), first);
    const { result, notice } = await store.record(incomingOrder({ status: 'shipped' }), {
      id: 'second',
      until: noon + 90_000,
    });
    expect(result).toBe('accepted');
    expect(notice.call).toMatchObject({ lease: 'first', desired: { status: 'paid' } });
  });

  test('takes the lease even if the single update was not possible', async () => {
    const { store } = await start();
    const { notice: reopened } = await store.record(incomingOrder({ reopens: true }), lease);
    expect(reopened.call).toMatchObject({ lease: lease.id, step: 'post' });
    await store.change('order:1001', ({ call: _, ...notice }) => posted(notice, 'm1'));
    const { notice: changed } = await store.record(incomingOrder({ text: 'new link', at: 1 }), lease);
    expect(changed.call).toMatchObject({ lease: lease.id, step: 'edit', messageId: 'm1' });
  });

  test('gives the same result as the rules for every sequence of desired states', async () => {
    let now = noon;
    const { store } = await startTestStore(() => now);
    const anyIncoming = fc.record({
      status: fc.constantFrom(...orderStatuses),
      at: fc.nat(6).map((minutes) => minutes * 60_000),
      text: fc.constantFrom('a', 'b', 'c'),
      reopens: fc.boolean(),
      visitorId: fc.constantFrom('visitor-1', 'visitor-2', undefined),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyIncoming, { minLength: 1, maxLength: 6 }), async (sequence) => {
        const reference = `order:${run++}`;
        let expected: Notice = blankNotice(reference);
        for (const given of sequence) {
          const desired: Incoming = incomingOrder({ ...given, reference });
          now += 60_000;
          const ruled = record(expected, desired, now);
          const { result, notice } = await store.record(desired);
          expect(result).toBe(ruled.result);
          expect({ ...notice, version: 0 }).toEqual({ ...ruled.notice, version: 0 });
          expected = ruled.notice;
        }
      }),
      { numRuns: 60 },
    );
  });

  test('ends with the newest state and counts each revision when many write at the same time', async () => {
    const { store } = await start();
    const mapping = Array.from({ length: 20 }, (_, at) => incomingOrder({ at, text: `text ${at}` }));
    const results = await Promise.all(mapping.toReversed().map((desired) => store.record(desired)));
    const notice = await store.read('order:1001');
    expect(notice.desired?.text).toBe('text 19');
    expect(notice.revision).toBe(results.filter(({ result }) => result === 'accepted').length);
  });
});

describe('changing a notice', () => {
  test('is repeated with what another writer stored in between', async () => {
    const { store } = await start();
    const { notice: seen } = await store.record(incomingOrder());
    await store.record(incomingOrder({ status: 'shipped' }));
    const changed = await store.change(
      'order:1001',
      (notice) => withdraw(notice, noon + 1, noon).notice,
      seen,
    );
    expect(changed).toMatchObject({ revision: 3, desired: { status: 'shipped' } });
    expect(changed.desired?.text).toBeUndefined();
  });

  test('writes nothing if nothing changes', async () => {
    const { store, client } = await start();
    const made = requestsOf(client);
    await store.change('order:1001', (notice) => notice);
    expect(made).toEqual(['GetItemCommand']);
  });

  test('loses no change when many write at the same time', async () => {
    const { store } = await start();
    const add = (id: string) =>
      store.change('order:1001', (notice) => ({
        ...notice,
        messages: [...notice.messages, { id, text: '', status: '', keep: false }],
      }));
    const ids = Array.from({ length: 15 }, (_, index) => `m${index}`);
    await Promise.all(ids.map(add));
    expect(pendingDeletes(await store.read('order:1001')).toSorted()).toEqual(ids.toSorted());
  });

  test('gives up with a clear error if others never stop changing the notice', async () => {
    const { store, client, tableName } = await start();
    await store.record(incomingOrder());
    const meddler = createNoticeStore({ client, tableName, onUnreadable: () => {}, now: () => noon });
    let meddling = false;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === 'PutItemCommand' && !meddling) {
            meddling = true;
            await meddler.change('order:1001', (notice) => ({ ...notice, dueAt: notice.dueAt + 1 }));
            meddling = false;
          }
          return next(args);
        },
      { step: 'initialize' },
    );
    const changed = store.change('order:1001', (notice) => ({ ...notice, attempts: 1 }));
    await expect(changed).rejects.toThrow('other functions changed it during each of 100 attempts');
  });

  test('passes on an error of the table', async () => {
    const { client } = await start();
    const store = createNoticeStore({
      client,
      tableName: 'no-such-table',
      onUnreadable: () => {},
      now: () => noon,
    });
    await expect(store.record(incomingOrder())).rejects.toThrow(/resource not found|non-existent/i);
  });
});

describe('the indexes', () => {
  const queued = async ({ client, tableName }: Awaited<ReturnType<typeof start>>, queue: string) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: 'queue',
        KeyConditionExpression: 'queue = :queue',
        ExpressionAttributeValues: marshall({ ':queue': queue }),
      }),
    );
    return Items.map((item) => unmarshall(item).reference);
  };

  test('list what is due, most urgent first, then oldest first, and what an operator must look at', async () => {
    const table = await start();
    const { store } = table;
    const incoming = (reference: string, priority: number) => incomingOrder({ reference, priority });
    await store.record(incoming('low', 3));
    await store.record(incoming('high', 1));
    await store.record(incoming('held', 2));
    await store.change('held', (notice) => refused(notice));
    await store.record(incoming('settled', 2));
    await store.change('settled', (notice) => posted(notice, 'm1'));
    expect(await queued(table, 'due')).toEqual(['high', 'low']);
    expect(await queued(table, 'held')).toEqual(['held']);
  });

  test('leave out a settled notice, which is kept for ninety days, while a waiting one never expires', async () => {
    const { store, client, tableName } = await start();
    await store.record(incomingOrder({ reference: 'waiting' }));
    await store.record(incomingOrder({ reference: 'settled' }));
    await store.change('settled', (notice) => posted(notice, 'm1'));
    const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
    const expiry = Object.fromEntries(
      Items.map((item) => unmarshall(item)).map((item) => [item.reference, item.expiresAt]),
    );
    expect(expiry).toEqual({ settled: noon / 1000 + 90 * 86_400 });
    await store.record(incomingOrder({ reference: 'settled', status: 'shipped' }));
    const { Items: later = [] } = await client.send(new ScanCommand({ TableName: tableName }));
    expect(later.map((item) => unmarshall(item)).some((item) => 'expiresAt' in item)).toBe(false);
  });

  test('list all notices of a visitor', async () => {
    const { store, client, tableName } = await start();
    await store.record(incomingOrder({ reference: 'a' }));
    await store.record(incomingOrder({ reference: 'b' }));
    await store.record(incomingOrder({ reference: 'c', visitorId: 'visitor-2' }));
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: 'visitor',
        KeyConditionExpression: 'visitorId = :visitor',
        ExpressionAttributeValues: marshall({ ':visitor': 'visitor-1' }),
      }),
    );
    expect(Items.map((item) => unmarshall(item).key)).toEqual(['notice#a', 'notice#b']);
  });
});

test('a message points to its notice until the pointer is removed', async () => {
  const { store, client, tableName } = await start();
  expect(await store.ownerOf('m1')).toBeUndefined();
  await store.pointTo('m1', 'order:1001');
  expect(await store.ownerOf('m1')).toBe('order:1001');
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
  expect(Items.map((item) => unmarshall(item))).toEqual([
    { key: 'message#m1', reference: 'order:1001', expiresAt: noon / 1000 + 180 * 86_400 },
  ]);
  await store.forget('m1');
  await store.forget('m1');
  expect(await store.ownerOf('m1')).toBeUndefined();
});

describe('the list', () => {
  test('returns all waiting notices, due or not, page by page in the order of delivery', async () => {
    const { store } = await start();
    for (const [index, priority] of [2, 3, 1, 2, 2].entries()) {
      await store.record(incomingOrder({ reference: `n${index}`, priority }));
      await store.change(`n${index}`, (notice) => ({ ...notice, dueAt: noon + 1_000_000 - index }));
    }
    const seen: string[] = [];
    let from: Parameters<typeof store.list>[0]['from'];
    let pages = 0;
    do {
      const { notices, next } = await store.list({ queue: 'due', limit: 2, from });
      seen.push(...notices.map(({ reference }) => reference));
      from = next;
      pages++;
    } while (from !== undefined);
    expect(seen).toEqual(['n2', 'n4', 'n3', 'n0', 'n1']);
    expect(pages).toBe(3);
    expect(await store.due(25)).toEqual([]);
  });

  test('of notices that need an operator is separate', async () => {
    const { store } = await start();
    await store.record(incomingOrder({ reference: 'waiting' }));
    await store.record(incomingOrder({ reference: 'held' }));
    await store.change('held', (notice) => refused(notice));
    const { notices, next } = await store.list({ queue: 'held', limit: 10 });
    expect(notices.map(({ reference }) => reference)).toEqual(['held']);
    expect(next).toBeUndefined();
  });
});

test('all notices of a visitor are found, however many there are', async () => {
  const { store, client } = await start();
  for (const reference of ['a', 'b', 'c']) await store.record(incomingOrder({ reference }));
  await store.record(incomingOrder({ reference: 'd', visitorId: 'visitor-2' }));
  client.middlewareStack.add((next) => (args) => next({ ...args, input: { ...args.input, Limit: 2 } }), {
    step: 'initialize',
  });
  const found: string[] = [];
  for await (const reference of store.ofVisitor('visitor-1')) found.push(reference);
  expect(found).toEqual(['a', 'b', 'c']);
});

test('a write that was repeated because its answer was lost counts as done', async () => {
  const { store, client } = await start();
  await store.record(incomingOrder());
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'PutItemCommand') await next(args);
        return next(args);
      },
    { step: 'initialize' },
  );
  let transitions = 0;
  const changed = await store.change('order:1001', (notice) => {
    transitions++;
    return { ...notice, dueAt: noon + 1 };
  });
  expect(changed).toMatchObject({ dueAt: noon + 1, version: 2 });
  expect(transitions).toBe(1);
});
