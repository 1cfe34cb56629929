import { describe, expect, test } from 'vitest';
import { createMeteredClient } from '../../../lib/budget/metered-client.ts';
import { pendingDeletes, stateOf } from '../../../lib/notices/notice.ts';
import { reconcile as reconcileNotice } from '../../../lib/notices/reconcile.ts';
import { withdraw } from '../../../lib/notices/record.ts';
import { startBridge } from '../../support/bridge.ts';
import { incomingOrder, keptIn, noon } from '../../support/incoming.ts';
import { captureLog } from '../../support/logger.ts';

const reconcile = async (...args: Parameters<typeof reconcileNotice>) =>
  (await reconcileNotice(...args)).notice;

const start = async () => {
  const bridge = await startBridge();
  const deliver = async (given: Parameters<typeof incomingOrder>[0] = {}) => {
    const { notice } = await bridge.store.record(incomingOrder(given));
    return reconcile(bridge.worker(), notice);
  };
  return { ...bridge, deliver, publishedTypes: () => bridge.published.map(({ type }) => type) };
};

describe('reconciling a notice', () => {
  test('posts its message once', async () => {
    const { deliver, brevo, worker, publishedTypes, published } = await start();
    const notice = await deliver({ text: 'Paid.' });
    expect(stateOf(notice)).toBe('settled');
    const [id] = keptIn(notice);
    expect(await brevo.chat()).toEqual(['Paid.']);
    await reconcile(worker(), notice);
    expect(await brevo.requests()).toEqual(['POST created']);
    expect(publishedTypes()).toEqual(['message.pushed']);
    expect(published[0]).toEqual({
      type: 'message.pushed',
      id: `message.pushed:order:1001:1:${id}`,
      at: noon,
      data: {
        reference: 'order:1001',
        revision: 1,
        status: 'paid',
        visitorId: 'visitor-1',
        messageId: id,
      },
    });
  });

  test('follows the policies append, edit and replace', async () => {
    const { deliver, brevo, publishedTypes } = await start();
    await deliver({ status: 'paid' });
    await deliver({ status: 'processing', policy: 'edit' });
    await deliver({ status: 'shipped', policy: 'append' });
    expect(await brevo.chat()).toEqual(['processing now', 'shipped now']);
    expect(stateOf(await deliver({ status: 'delivered', policy: 'replace' }))).toBe('settled');
    expect(await brevo.chat()).toEqual(['delivered now']);
    expect(publishedTypes()).toEqual([
      'message.pushed',
      'message.updated',
      'message.pushed',
      'message.pushed',
      'message.deleted',
      'message.deleted',
    ]);
  });

  test('deletes all messages of a withdrawn notice', async () => {
    const { deliver, brevo, store, worker } = await start();
    await deliver({ status: 'paid' });
    await deliver({ status: 'shipped' });
    const withdrawn = await store.change('order:1001', (notice) => withdraw(notice, noon + 1, noon).notice);
    expect(stateOf(await reconcile(worker(), withdrawn))).toBe('settled');
    expect(await brevo.chat()).toEqual([]);
  });

  test('posts the text again if the message was deleted in Brevo', async () => {
    const { deliver, brevo } = await start();
    const [id] = keptIn(await deliver({ status: 'paid' }));
    await fetch(`${brevo.baseUrl}/conversations/pushedMessages/${id}`, {
      method: 'DELETE',
      headers: { 'api-key': 'test-key' },
    });
    await deliver({ status: 'paid', text: 'Paid, thanks.', at: 1 });
    expect(await brevo.chat()).toEqual(['Paid, thanks.']);
  });

  test('makes no call if the chat is already right', async () => {
    const { deliver, brevo, store, worker } = await start();
    await deliver({ status: 'paid', text: 'A' });
    await store.record(incomingOrder({ status: 'shipped', text: 'B' }));
    const { notice } = await store.record(incomingOrder({ status: 'delivered', text: 'A' }), {
      id: 'l',
      until: noon + 60_000,
    });
    expect(
      stateOf(await reconcile(worker({ lease: () => ({ id: 'l', until: noon + 60_000 }) }), notice)),
    ).toBe('settled');
    expect(await brevo.requests()).toEqual(['POST created']);
  });

  test('is done by only one of two workers', async () => {
    const { store, worker, brevo } = await start();
    const { notice } = await store.record(incomingOrder());
    await Promise.all([reconcile(worker(), notice), reconcile(worker(), notice)]);
    expect(await brevo.requests()).toEqual(['POST created']);
  });

  test('stores the pointer from the message before the outcome', async () => {
    const { store, worker, brevo } = await start();
    const order: string[] = [];
    const watched = {
      ...store,
      pointTo: async (messageId: string, reference: string) => {
        order.push(`${reference} ${stateOf(await store.read(reference))}`);
        await store.pointTo(messageId, reference);
      },
    };
    const { notice } = await store.record(incomingOrder());
    await reconcile(worker({ store: watched }), notice);
    expect(order).toEqual(['order:1001 sending']);
    expect(await brevo.chat()).toHaveLength(1);
  });
});

describe('the pointer of a message', () => {
  test('is removed before its deletion is settled, so that a crash in between repeats the deletion', async () => {
    const { deliver, store, worker, brevo, clock } = await start();
    const [id = ''] = keptIn(await deliver());
    expect(await store.ownerOf(id)).toBe('order:1001');
    const withdrawn = await store.change('order:1001', (notice) => withdraw(notice, noon + 1, noon).notice);
    const forgetful = {
      ...store,
      forget: async () => Promise.reject(new Error('throttled')),
    };
    await expect(reconcile(worker({ store: forgetful }), withdrawn)).rejects.toThrow('throttled');
    expect(await brevo.chat()).toEqual([]);
    expect(pendingDeletes(await store.read('order:1001'))).toEqual([id]);
    expect(stateOf(await store.read('order:1001'))).toBe('sending');
    for (let minutes = 0; minutes < 2; minutes++) {
      clock.now += 60_000;
      await reconcile(worker(), await store.read('order:1001'));
    }
    expect(stateOf(await store.read('order:1001'))).toBe('settled');
    expect(await store.ownerOf(id)).toBeUndefined();
  });

  test('is removed if the message was deleted in Brevo', async () => {
    const { deliver, brevo, store } = await start();
    const [id = ''] = keptIn(await deliver());
    await fetch(`${brevo.baseUrl}/conversations/pushedMessages/${id}`, {
      method: 'DELETE',
      headers: { 'api-key': 'test-key' },
    });
    const [reposted = ''] = keptIn(await deliver({ text: 'Paid, thanks.', at: 1 }));
    expect(await store.ownerOf(id)).toBeUndefined();
    expect(await store.ownerOf(reposted)).toBe('order:1001');
  });
});

test('a caller of the HTTP API uses the share of the HTTP API', async () => {
  const { store, worker, budget } = await start();
  const { notice } = await store.record(incomingOrder());
  await reconcile(worker(), notice, { lane: 'http' });
  const { meters } = await budget.state();
  const buckets = Object.values(meters).flatMap((meter) => meter.buckets);
  expect(buckets).toMatchObject([{ http: 1, messages: 0 }]);
});

describe('if Brevo', () => {
  const fault = (kind: string, given: object = {}) => [
    { match: { method: 'POST' }, times: 1, kind, ...given },
  ];

  test('refuses a message, the notice is held with the reason', async () => {
    const { brevo, deliver, publishedTypes } = await start();
    await brevo.control(
      'faults',
      fault('status', { status: 400, body: JSON.stringify({ code: 'out_of_range', message: 'too long' }) }),
    );
    const notice = await deliver();
    expect(stateOf(notice)).toBe('refused');
    expect(notice.hold?.reason).toContain('400 out_of_range: too long');
    expect(publishedTypes()).toEqual(['message.refused']);
  });

  test('does not know the visitor, the notice is held', async () => {
    const { brevo, deliver } = await start();
    await brevo.control('faults', fault('status', { status: 404 }));
    expect(stateOf(await deliver())).toBe('refused');
  });

  test.each([
    [302, {}],
    [401, { message: 'Key not found' }],
    [429, {}],
    [503, {}],
  ])('answers %i, the call had no effect and is repeated', async (status, body) => {
    const { brevo, deliver, worker, publishedTypes, clock } = await start();
    await brevo.control('faults', fault('status', { status, body: JSON.stringify(body) }));
    const notice = await deliver();
    expect(stateOf(notice)).toBe('pending');
    expect(publishedTypes()).toEqual([]);
    clock.now += 61 * 60_000;
    expect(stateOf(await reconcile(worker(), notice))).toBe('settled');
    expect(await brevo.chat()).toHaveLength(1);
  });

  test.each(['reset-after', 'reset-before', 'status-after'])(
    'loses the answer to a post (%s), the post is not repeated',
    async (kind) => {
      const { brevo, deliver, worker, publishedTypes } = await start();
      await brevo.control('faults', fault(kind, kind === 'status-after' ? { status: 500 } : {}));
      const notice = await deliver();
      expect(stateOf(notice)).toBe('unknown');
      expect(publishedTypes()).toEqual(['message.outcome_unknown']);
      await reconcile(worker(), notice);
      expect(await brevo.requests()).toHaveLength(1);
    },
  );

  test('loses the answer to an edit, the edit is repeated', async () => {
    const { brevo, deliver, worker, clock } = await start();
    await deliver({ text: 'old link' });
    await brevo.control('faults', [{ match: { method: 'PUT' }, times: 1, kind: 'reset-after' }]);
    const notice = await deliver({ text: 'new link', at: 1 });
    expect(stateOf(notice)).toBe('pending');
    clock.now += 59_999;
    expect(stateOf(await reconcile(worker(), notice))).toBe('pending');
    expect(await brevo.requests()).toHaveLength(2);
    clock.now += 1;
    expect(stateOf(await reconcile(worker(), notice))).toBe('settled');
    expect(await brevo.chat()).toEqual(['new link']);
  });

  test.each([
    ['its answer was lost', false],
    ['its worker was killed', true],
  ])('replaces an edited text if the earlier one is desired again and %s', async (_, isKilled) => {
    const { brevo, deliver, store, worker, clock } = await start();
    let changes = 0;
    const change: typeof store.change = async (...input) => {
      if (changes++ > 0 && isKilled) throw new Error('killed');
      return store.change(...input);
    };
    await deliver({ text: 'old link' });
    await brevo.control('faults', [{ match: { method: 'PUT' }, times: 1, kind: 'reset-after' }]);
    const { notice: edited } = await store.record(incomingOrder({ text: 'new link', at: 1 }));
    await reconcile(worker({ store: { ...store, change } }), edited).catch(() => undefined);
    expect(await brevo.chat()).toEqual(['new link']);
    const notice = await deliver({ text: 'old link', at: 2 });
    clock.now += 3_600_000;
    expect(stateOf(await reconcile(worker(), notice))).toBe('settled');
    expect(await brevo.chat()).toEqual(['old link']);
  });

  test('no longer has the message to delete, the deletion is done', async () => {
    const { brevo, deliver, store, worker } = await start();
    await deliver();
    await brevo.control('faults', [{ match: { method: 'DELETE' }, times: 1, kind: 'status', status: 404 }]);
    const withdrawn = await store.change('order:1001', (notice) => withdraw(notice, noon + 1, noon).notice);
    expect(stateOf(await reconcile(worker(), withdrawn))).toBe('settled');
  });
});

describe('a failure of the table', () => {
  /** Has the first calls of a write fail. */
  const failing = <Input extends unknown[], Output>(
    failures: number,
    write: (...input: Input) => Promise<Output>,
  ) => {
    let left = failures;
    return async (...input: Input): Promise<Output> => {
      if (left-- > 0) throw new Error('ProvisionedThroughputExceededException');
      return write(...input);
    };
  };

  test('before the call gives the lease back, and calls nobody', async () => {
    const { store, worker, brevo, budget } = await start();
    const { notice } = await store.record(incomingOrder());
    const client = worker().brevo;
    const throttled = createMeteredClient({
      brevo: client.operations,
      budget: { ...budget, take: failing(1, budget.take) },
      logger: worker().logger,
    });
    const left = await reconcile(worker({ brevo: throttled }), notice);
    expect(stateOf(left)).toBe('pending');
    expect(await brevo.requests()).toEqual([]);
  });

  test('after the call is retried until the outcome is stored, so that nothing is sent twice', async () => {
    const { store, worker, brevo } = await start();
    const { notice } = await store.record(incomingOrder());
    const settling = failing(2, store.change);
    let isClaimed = false;
    const change: typeof store.change = (...input) => {
      if (isClaimed) return settling(...input);
      isClaimed = true;
      return store.change(...input);
    };
    const flaky = { ...store, change, pointTo: failing(2, store.pointTo) };
    const settled = await reconcile(worker({ store: flaky, mayRetry: () => true }), notice);
    expect(stateOf(settled)).toBe('settled');
    const [message] = await brevo.messages();
    expect(keptIn(settled)).toEqual([message?.id]);
    expect(await store.ownerOf(message?.id ?? '')).toBe('order:1001');
  });

  test('that lasts leaves the id of the message in the log', async () => {
    const { store, worker, brevo } = await start();
    const { notice } = await store.record(incomingOrder());
    const { logger, lines } = captureLog();
    const pointTo = async () => Promise.reject(new Error('table gone'));
    await expect(reconcile(worker({ store: { ...store, pointTo }, logger }), notice)).rejects.toThrow(
      'table gone',
    );
    const [message] = await brevo.messages();
    expect(lines).toContainEqual(
      expect.objectContaining({ message: 'Brevo called', messageId: message?.id }),
    );
  });
});

describe('a worker', () => {
  test('without a key makes no call and leaves the notice for a retry', async () => {
    const { store, worker, brevo } = await start();
    const { notice } = await store.record(incomingOrder());
    const credentials = async () => Promise.reject(new Error('no secrets'));
    expect(stateOf(await reconcile(worker({ credentials }), notice))).toBe('pending');
    expect(await brevo.requests()).toEqual([]);
  });

  test('without time releases its lease', async () => {
    const { store, worker, brevo } = await start();
    const lease = { id: 'l', until: noon + 60_000 };
    const { notice } = await store.record(incomingOrder(), lease);
    const late = await reconcile(worker({ lease: () => lease, hasTime: () => false }), notice);
    expect(stateOf(late)).toBe('pending');
    expect(await store.read('order:1001')).toEqual(late);
    expect(await brevo.requests()).toEqual([]);
  });

  test('whose lease was taken over names its message, and does not overwrite newer changes', async () => {
    const { store, worker, brevo, clock } = await start();
    const { notice } = await store.record(incomingOrder());
    const slow = worker();
    const late = {
      ...slow,
      store: {
        ...store,
        pointTo: async (messageId: string, reference: string) => {
          await store.pointTo(messageId, reference);
          clock.now += 60_000;
          const taken = await reconcile(worker(), await store.read(reference));
          expect(stateOf(taken)).toBe('unknown');
          await store.record(incomingOrder({ status: 'shipped' }));
        },
      },
    };
    const [paid, ...others] = (await reconcile(late, notice)).messages;
    expect([paid?.text, others]).toEqual(['paid now', []]);
    expect(await brevo.messages()).toMatchObject([{ id: paid?.id }]);
    clock.now += 60_000;
    await reconcile(worker(), await store.read('order:1001'));
    expect(await brevo.chat()).toEqual(['paid now', 'shipped now']);
  });

  test('publishes that a desired state was too late to send', async () => {
    const { deliver, brevo, publishedTypes } = await start();
    expect(stateOf(await deliver({ postBy: -1 }))).toBe('expired');
    expect(publishedTypes()).toEqual(['message.expired']);
    expect(await brevo.requests()).toEqual([]);
  });

  test('is not stopped by an unavailable bus', async () => {
    const { store, worker, brevo } = await start();
    const { notice } = await store.record(incomingOrder());
    const deaf = worker({ publish: async () => Promise.reject(new Error('bus down')) });
    expect(stateOf(await reconcile(deaf, notice))).toBe('settled');
    expect(await brevo.chat()).toHaveLength(1);
  });
});
