import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import {
  blankNotice,
  type Notice,
  nextStep,
  pendingDeletes,
  stateOf,
  unreachableOf,
} from '../../../lib/notices/notice.ts';
import { type Resolution, resolve, rewrite, withdrawByOverride } from '../../../lib/notices/override.ts';
import { type Incoming, introducedTo, record, withdraw } from '../../../lib/notices/record.ts';
import { orderStatuses } from '../../../lib/texts/order-status.ts';
import {
  called,
  incomingOrder,
  incomingTimed,
  keptIn,
  noon,
  posted,
  recordOn,
} from '../../support/incoming.ts';

const occasion = { now: noon + 1000, postBy: noon + 86_400_000 };

const recordAll = (...incoming: Incoming[]): Notice =>
  incoming.reduce((notice, each) => record(notice, each, noon).notice, blankNotice('order:1001'));

const expired = { kind: 'expired', at: noon, reason: 'too late to post' } as const;
const paid = recordAll(incomingOrder());
const unknown = called(paid, { kind: 'unknown', reason: 'time-out' });
const refused = called(paid, { kind: 'refused', reason: '400' });
const shipped = posted(recordAll(incomingOrder({ status: 'shipped' })), 'm1');

describe('a new text', () => {
  test('edits the newest message in place, whatever the policy', () => {
    for (const policy of ['append', 'edit', 'replace'] as const) {
      const notice = posted(recordAll(incomingOrder({ policy })), 'm1');
      const step = nextStep(rewrite(notice, { text: 'new' }, occasion));
      expect(step).toEqual({ kind: 'edit', messageId: 'm1', text: 'new' });
    }
  });

  test('is posted with the given sender if no message is in the chat', () => {
    const notice = rewrite(recordAll(incomingOrder()), { text: 'new', agentId: 'a', groupId: 'g' }, occasion);
    expect(nextStep(notice)).toMatchObject({ kind: 'post', text: 'new', agentId: 'a', groupId: 'g' });
    expect(notice.desired?.postBy).toBe(occasion.postBy);
    expect(notice.log.at(-1)).toEqual({ at: occasion.now, what: 'rewritten' });
  });

  test.each<[string, Notice]>([
    ['withdrawn', withdraw(shipped, noon + 10, noon).notice],
    ['expired', { ...paid, hold: expired }],
    ['refused', refused],
    ['held', unknown],
  ])('is posted if the notice was %s', (_what, notice) => {
    expect(nextStep(rewrite(notice, { text: 'new' }, occasion))).toMatchObject({ kind: 'post', text: 'new' });
  });

  test('keeps track of the message of a held notice that may be in the chat', () => {
    const rewritten = rewrite(unknown, { text: 'paid now' }, occasion);
    expect(unreachableOf(rewritten)).toMatchObject([{ text: 'paid now' }]);
    expect(nextStep(rewritten)).toMatchObject({ kind: 'post', text: 'paid now' });
  });

  test('that is already desired causes no request, and still overrides events', () => {
    const again = rewrite(shipped, { text: 'shipped now' }, occasion);
    expect(nextStep(again)).toBeUndefined();
    expect(again.revision).toBe(shipped.revision);
    expect(record(again, incomingOrder({ status: 'shipped', text: 'other', at: 5 }), noon).result).toBe(
      'outdated',
    );
  });

  test('edits a message that shows the same text for another status', () => {
    const desired = incomingOrder({ status: 'delivered', text: 'shipped now', agentId: 'a' });
    const notice = record(shipped, desired, noon).notice;
    expect(nextStep(rewrite(notice, { text: 'new' }, occasion))).toMatchObject({
      kind: 'edit',
      messageId: 'm1',
    });
  });

  test('is posted for the current status if that is still waiting', () => {
    const notice = record(shipped, incomingOrder({ status: 'delivered' }), noon).notice;
    expect(nextStep(rewrite(notice, { text: 'new' }, occasion))).toMatchObject({ kind: 'post', text: 'new' });
  });

  test('may be the first text of a notice, and a status then replaces it', () => {
    const stub = introducedTo(blankNotice('order:1001'), { visitorId: 'visitor-1' }, noon);
    const notice = rewrite(stub, { text: 'hello' }, occasion);
    expect(nextStep(notice)).toMatchObject({ kind: 'post', text: 'hello' });
    expect(record(notice, incomingOrder(), noon).result).toBe('accepted');
  });

  test('is not sent to a visitor who is being erased', () => {
    const erasing: Notice = { ...withdrawByOverride(shipped, noon), erasing: true };
    expect(rewrite(erasing, { text: 'new' }, occasion)).toBe(erasing);
  });
});

describe('a withdrawal by an operator', () => {
  test('deletes all messages and stops a waiting one', () => {
    const waiting = record(shipped, incomingOrder({ status: 'delivered' }), noon).notice;
    const withdrawn = withdrawByOverride(waiting, occasion.now);
    expect(keptIn(withdrawn)).toEqual([]);
    expect(pendingDeletes(withdrawn)).toEqual(['m1']);
    expect(nextStep(withdrawn)).toEqual({ kind: 'delete', messageId: 'm1' });
  });

  test('applies even if a later event occurred', () => {
    const notice = posted(recordAll(incomingTimed('sale', 9000)), 'm1');
    expect(pendingDeletes(withdrawByOverride(notice, occasion.now))).toEqual(['m1']);
  });

  test('can be repeated without a new revision, and overrides events from then on', () => {
    const once = withdrawByOverride(recordAll(incomingTimed('sale', 0)), noon + 10);
    const twice = withdrawByOverride(once, noon + 20);
    expect(twice.revision).toBe(once.revision);
    expect(record(once, incomingTimed('sale!', 20), noon).result).toBe('accepted');
    expect(record(twice, incomingTimed('sale!', 20), noon).result).toBe('outdated');
  });

  test('of a notice without a desired state overrides what occurred before', () => {
    const stub = introducedTo(blankNotice('order:1001'), { visitorId: 'visitor-1' }, noon);
    const withdrawn = withdrawByOverride(stub, noon + 10);
    expect(stateOf(withdrawn)).toBe('settled');
    expect(record(withdrawn, incomingOrder({ at: 9 }), noon).result).toBe('outdated');
    expect(record(withdrawn, incomingOrder({ at: 10 }), noon).result).toBe('accepted');
  });
});

type Act = (notice: Notice, now: number) => Notice;
const acts: [string, Act][] = [
  ['a new text', (notice, now) => rewrite(notice, { text: 'by hand' }, { ...occasion, now })],
  ['a withdrawal', withdrawByOverride],
];

describe.each(acts)('%s by an operator', (_what, act) => {
  test('overrides every event of the status, and repeated events have no effect', () => {
    const first = incomingOrder({ status: 'shipped' });
    const acted = act(recordAll(first), noon + 1000);
    expect(record(acted, first, noon)).toEqual({ result: 'outdated', notice: acted });
    const later = incomingOrder({ status: 'shipped', text: 'new link', at: 60_000 });
    expect(record(acted, later, noon)).toMatchObject({
      result: 'outdated',
      notice: { desired: acted.desired },
    });
  });

  test('does not override a later status, whenever it occurred', () => {
    const acted = act(recordAll(incomingOrder({ status: 'shipped' })), noon + 1000);
    expect(record(acted, incomingOrder({ status: 'delivered', at: 5 }), noon).result).toBe('accepted');
  });

  test('does not override a reopening of the order, even if its event arrives late', () => {
    const acted = act(recordAll(incomingOrder({ status: 'cancelled', at: 10 })), noon + 1000);
    const reopened = incomingOrder({ status: 'paid', at: 20, reopens: true });
    expect(record(acted, reopened, noon)).toMatchObject({
      result: 'accepted',
      notice: { desired: reopened.desired },
    });
  });

  test('is kept after a reopening that came before, however often that event is delivered', () => {
    const reopened = incomingOrder({ status: 'paid', at: 20, reopens: true });
    const acted = act(recordAll(reopened), noon + 1000);
    expect(record(acted, reopened, noon)).toEqual({ result: 'outdated', notice: acted });
  });

  test('overrides everything that occurred before if only time counts', () => {
    const acted = act(recordAll(incomingTimed('sale', 0)), noon + 10);
    expect(record(acted, incomingTimed('sale!', 10), noon).result).toBe('outdated');
    expect(record(acted, incomingTimed('sale!', 11), noon).result).toBe('accepted');
  });

  test('overrides an earlier withdrawal event, but not a later one', () => {
    for (const first of [incomingOrder(), incomingTimed('sale', 0)]) {
      const acted = act(recordAll(first), noon + 10);
      expect(withdraw(acted, noon + 9, noon)).toEqual({ result: 'outdated', notice: acted });
      expect(withdraw(acted, noon + 11, noon).result).not.toBe('outdated');
    }
  });

  property.prop([
    fc.array(
      fc.record({ status: fc.constantFrom(...orderStatuses), at: fc.integer({ min: -50, max: 50 }) }),
      {
        maxLength: 5,
      },
    ),
    fc.array(fc.constantFrom(...acts), { maxLength: 3 }),
    fc.boolean(),
  ])('applies whatever came before, even within the same millisecond', (events, before, isTimed) => {
    const incoming = events.map(({ status, at }) =>
      isTimed ? incomingTimed(status, at) : incomingOrder({ status, at }),
    );
    const acted = before.reduce((notice, [, earlier]) => earlier(notice, noon), recordAll(...incoming));
    const last = act(acted, noon);
    const expected = act(recordAll(), noon).desired;
    expect(last.desired?.text).toBe(expected?.text);
    expect(`${last.desired?.precedence}` > (acted.desired?.precedence ?? '')).toBe(true);
    for (const desired of incoming) expect(record(last, desired, noon).notice.desired).toEqual(last.desired);
  });
});

const now = noon + 60_000;

describe('an operator’s decision on a post of unknown outcome', () => {
  const decided = (resolution: Resolution, given: { now: number; messageId?: string }): Notice => {
    const notice = resolve(unknown, resolution, given);
    if (notice === undefined) throw new Error('not resolved');
    return notice;
  };

  test('sent: marks it as sent, but the message cannot be changed', () => {
    const sent = decided('sent', { now });
    expect(stateOf(sent)).toBe('settled');
    expect(unreachableOf(sent)).toMatchObject([{ text: 'paid now', keep: true }]);
    expect(nextStep(recordOn(sent, { text: 'new link', at: 1 }))).toMatchObject({
      kind: 'post',
      text: 'new link',
    });
  });

  test('sent with a message id: the message can be edited', () => {
    const sent = decided('sent', { now, messageId: 'm1' });
    expect(keptIn(sent)).toEqual(['m1']);
    expect(unreachableOf(sent)).toEqual([]);
    expect(nextStep(recordOn(sent, { text: 'new link', at: 1 }))).toEqual({
      kind: 'edit',
      messageId: 'm1',
      text: 'new link',
    });
  });

  test('resend: sends the message again', () => {
    const again = decided('resend', { now });
    expect(again).toMatchObject({ dueAt: now, attempts: 0, messages: [] });
    expect(nextStep(again)).toMatchObject({ kind: 'post' });
  });

  test('drop: does not send it, but sends a later status', () => {
    const dropped = decided('drop', { now });
    expect(dropped.hold).toEqual({ kind: 'expired', at: now, reason: 'dropped by an operator' });
    expect(nextStep(recordOn(dropped, { status: 'shipped' }))).toMatchObject({ text: 'shipped now' });
  });
});

test('a decision on a post of unknown outcome leaves the other messages', () => {
  const both = called(recordOn(shipped, { status: 'delivered' }), { kind: 'unknown', reason: 'time-out' });
  for (const answer of ['sent', 'resend', 'drop'] as const) {
    const decided = resolve(both, answer, { now, messageId: 'm2' });
    expect(decided && keptIn(decided)).toEqual(answer === 'sent' ? ['m1', 'm2'] : ['m1']);
    expect(decided?.log.at(-1)).toEqual({ at: now, what: answer });
  }
  const found = { ...shipped, hold: { kind: 'unknown', at: noon, reason: '?' } as const };
  expect(resolve(found, 'sent', { now, messageId: 'm1' })?.messages).toEqual(shipped.messages);
});

test('an operator can have a refused request retried', () => {
  const again = resolve(refused, 'retry', { now });
  expect(again).toMatchObject({ dueAt: now, attempts: 0 });
  expect(again && stateOf(again)).toBe('pending');
});

test('a decision does not apply to a notice that is not held', () => {
  for (const answer of ['sent', 'resend', 'drop'] as const)
    expect(resolve(refused, answer, { now })).toBeUndefined();
  expect(resolve(unknown, 'retry', { now })).toBeUndefined();
  expect(resolve(paid, 'sent', { now })).toBeUndefined();
});
