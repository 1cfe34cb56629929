import { expect, test } from 'vitest';
import config from '../../../bridge.config.ts';
import { answerFor, changeable, overrideOwn, removeOwn } from '../../../lib/http/notice-changes.ts';
import { callFor, settle } from '../../../lib/notices/lease.ts';
import { record } from '../../../lib/notices/record.ts';
import { incomingOrder, noon } from '../../support/incoming.ts';
import { createMemoryStore } from '../../support/memory-store.ts';

const now = () => noon;
const mayRetry = () => true;
const moment = { now: noon, random: () => 0, onUnknownOutcome: 'hold' } as const;

test('a message that was deleted a moment ago is not taken for the one that is being posted', async () => {
  const accesses: (() => void)[] = [];
  const memory = createMemoryStore({
    now,
    access: async () => {
      accesses.shift()?.();
      return 'done';
    },
  });
  const { store, notices } = memory;
  const incoming = incomingOrder({ reference: 'order:1', status: 'paid', text: 'paid' });
  const { notice } = record(await store.read('order:1'), incoming, noon);
  const call = callFor({ id: 'worker', until: noon + 60_000 }, { kind: 'post' }, incoming.desired);
  const posting = { ...notice, version: 7, call };
  await store.pointTo('m2', 'order:1');
  // Between the two accesses, another worker deletes m2, settles that, and begins to post.
  accesses.push(
    () => {},
    () => {
      void store.forget('m2');
      notices.set('order:1', posting);
    },
  );
  expect(await removeOwn({ store, now, mayRetry }, 'm2')).toBeUndefined();
  expect(notices.get('order:1')).toEqual(posting);

  // The one that is being posted has a pointer as soon as its id is known.
  await store.pointTo('m3', 'order:1');
  const removed = await removeOwn({ store, now, mayRetry }, 'm3');
  expect(removed?.call).toMatchObject({ messageId: 'm3', keep: false });
  if (removed === undefined) return;
  const settled = settle(removed, call, { kind: 'unknown', reason: '' }, moment);
  expect(settled.messages).toMatchObject([{ id: 'm3', keep: false }]);
});

test('a function that was frozen for too long changes nothing: its caller may have asked for something else', async () => {
  const { store, notices } = createMemoryStore({ now, access: async () => 'done' });
  const incoming = incomingOrder({ reference: 'order:1', status: 'paid', text: 'paid' });
  const { notice } = record(await store.read('order:1'), incoming, noon);
  const message = { id: 'm1', text: 'paid', status: 'paid', keep: true };
  const hold = { kind: 'unknown', at: noon, reason: 'no answer' } as const;
  const stored = { ...notice, version: 7, messages: [message], hold };
  notices.set('order:1', stored);
  await store.pointTo('m1', 'order:1');
  const late = { store, now, config, mayRetry: () => false };
  expect(() => changeable(stored, late)).toThrow('no time');
  for (const change of [
    removeOwn(late, 'm1'),
    overrideOwn(late, 'm1', 'other'),
    answerFor(late, 'order:1/resolve', { action: 'resend' }),
  ])
    await expect(change).rejects.toThrow('no time');
  expect(notices.get('order:1')).toEqual(stored);
});
