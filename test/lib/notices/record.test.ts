import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { takeUp } from '../../../lib/notices/lease.ts';
import {
  blankNotice,
  isTombstone,
  logged,
  type Notice,
  newestOf,
  pendingDeletes,
  stateOf,
  tombstoneOf,
  unreachableOf,
} from '../../../lib/notices/notice.ts';
import { contentOf, precedenceOf } from '../../../lib/notices/precedence.ts';
import { type Incoming, record, withdraw } from '../../../lib/notices/record.ts';
import { orderStatuses } from '../../../lib/texts/order-status.ts';
import {
  called,
  incomingOrder,
  incomingTimed,
  keptIn,
  lease,
  noon,
  posted,
  recordOn,
} from '../../support/incoming.ts';

const recordAll = (...states: Incoming[]): Notice =>
  states.reduce((notice, desired) => record(notice, desired, noon).notice, blankNotice('order:1001'));

const heldAs = (kind: 'expired' | 'refused', notice = recordAll(incomingOrder())): Notice => ({
  ...notice,
  hold: { kind, at: noon, reason: '?' },
});

describe('a desired state', () => {
  test('for a new notice is accepted and due', () => {
    const { result, notice } = record(blankNotice('order:1001'), incomingOrder({ text: 'Paid.' }), noon);
    expect(result).toBe('accepted');
    expect(notice).toMatchObject({
      revision: 1,
      visitorId: 'visitor-1',
      dueAt: noon,
      desired: { text: 'Paid.' },
      log: [{ at: noon, what: 'accepted' }],
    });
    expect(stateOf(notice)).toBe('pending');
  });

  test('that was recorded before changes nothing', () => {
    const notice = recordAll(incomingOrder());
    expect(record(notice, incomingOrder(), noon + 1)).toEqual({ result: 'duplicate', notice });
  });

  test('of an earlier status is outdated, whenever it occurred', () => {
    const notice = recordAll(incomingOrder({ status: 'delivered', at: 0 }));
    const earlier = record(notice, incomingOrder({ status: 'paid', at: -1 }), noon);
    expect(earlier.result).toBe('outdated');
    expect(earlier.notice).toBe(notice);
    const later = record(notice, incomingOrder({ status: 'paid', at: 1 }), noon);
    expect(later).toMatchObject({
      result: 'outdated',
      notice: { desired: { status: 'delivered' }, superseded: [{ status: 'paid' }], revision: 1 },
    });
    const highest = recordOn(later.notice, { status: 'shipped', at: 2 });
    expect(highest.superseded).toMatchObject([{ status: 'shipped' }]);
    expect(recordOn(highest, { status: 'paid', at: 1 })).toBe(highest);
  });

  test('that the chat shows already replaces the older messages, if its policy says so', () => {
    const both = posted(recordOn(posted(recordAll(incomingOrder()), 'm1'), { status: 'shipped' }), 'm2');
    const other = recordOn(both, { status: 'shipped', text: 'new link', at: 1 });
    const back = recordOn(other, { status: 'shipped', at: 2, policy: 'replace' });
    expect(pendingDeletes(back)).toEqual(['m1']);
    expect(stateOf(back)).toBe('pending');
  });

  test('from before the visitor was erased is outdated, and leaves no trace', () => {
    const erased = tombstoneOf({ ...recordAll(incomingOrder()), version: 7 }, noon + 50);
    expect(erased).toEqual({ ...blankNotice('order:1001'), version: 7, reopenedAt: noon + 50 });
    expect(record(erased, incomingOrder({ at: 49 }), noon)).toEqual({ result: 'outdated', notice: erased });
    expect(record(erased, incomingOrder({ at: 50 }), noon).result).toBe('accepted');
    expect(isTombstone(erased)).toBe(true);
    for (const known of [{ visitorId: 'v' }, { waiting: ['x'] }, { desired: incomingOrder().desired }])
      expect(isTombstone({ ...erased, ...known })).toBe(false);
  });

  test('from before the visitor was erased is outdated, even if the visitor has come back', () => {
    const stub = { ...blankNotice('order:1001'), reopenedAt: noon + 50, visitorId: 'visitor-1' };
    expect(record(stub, incomingOrder({ at: 49 }), noon)).toEqual({ result: 'outdated', notice: stub });
    expect(record(stub, incomingOrder({ at: 50 }), noon).result).toBe('accepted');
  });

  test('of the same status and a later time replaces the text', () => {
    const notice = recordAll(incomingOrder({ text: 'old link' }), incomingOrder({ text: 'new link', at: 1 }));
    expect(notice).toMatchObject({ revision: 2, desired: { text: 'new link' } });
  });

  test('with the same text keeps the revision, but makes older states outdated', () => {
    const saved = [0, 1, 2, 3, 4].map((at) => incomingOrder({ text: 'Paid.', at }));
    const notice = recordAll(...saved);
    expect(notice).toMatchObject({ revision: 1, desired: { occurredAt: noon + 4 } });
    expect(record(notice, incomingOrder({ text: 'older', at: 3 }), noon).result).toBe('outdated');
  });

  test('with the same text for a newer status makes the existing message stand for that status', () => {
    const paid = posted(recordAll(incomingOrder({ status: 'paid', text: 'Paid.' })), 'm1');
    const processing = posted(recordOn(paid, { status: 'processing', text: 'Thanks!' }), 'm2');
    const again = incomingOrder({ status: 'shipped', text: 'Thanks!', at: 1 });
    const { result, notice } = record(processing, again, noon);
    expect(result).toBe('unchanged');
    expect(notice.messages).toEqual([
      { id: 'm1', status: 'paid', text: 'Paid.', keep: true },
      { id: 'm2', status: 'shipped', text: 'Thanks!', keep: true },
    ]);
  });

  test('with the same text does not make an older message stand for it', () => {
    const paid = posted(recordAll(incomingOrder({ status: 'paid', text: 'Thanks!' })), 'm1');
    const shipped = record(paid, incomingOrder({ status: 'shipped', text: 'Sent.' }), noon).notice;
    const { notice } = record(shipped, incomingOrder({ status: 'delivered', text: 'Sent.', at: 1 }), noon);
    expect(notice).toMatchObject({ messages: [{ status: 'paid' }], desired: { status: 'delivered' } });
  });

  test('with another sender is a different desired state', () => {
    const notice = recordAll(
      incomingOrder({ text: 'Hi', agentId: 'a' }),
      incomingOrder({ text: 'Hi', agentId: 'b', at: 1 }),
    );
    expect(notice).toMatchObject({ revision: 2, desired: { agentId: 'b' } });
  });

  test('for another visitor is refused', () => {
    const notice = recordAll(incomingOrder());
    const refused = record(notice, incomingOrder({ status: 'shipped', visitorId: 'visitor-2' }), noon);
    expect(refused).toEqual({ result: 'misaddressed', notice });
  });

  test('without a visitor is for the known visitor', () => {
    const notice = recordAll(incomingOrder(), incomingOrder({ status: 'refunded', visitorId: undefined }));
    expect(notice).toMatchObject({ visitorId: 'visitor-1', desired: { status: 'refunded' } });
  });

  test('without a known visitor waits, and is sent to the visitor whom a later or outdated event names', () => {
    const waiting = recordAll(incomingOrder({ status: 'shipped', visitorId: undefined }));
    expect(stateOf(waiting)).toBe('unaddressed');
    const nobody = incomingOrder({ status: 'paid', at: -1, visitorId: undefined });
    expect(record(waiting, nobody, noon + 5).notice).toEqual(waiting);
    const { result, notice } = record(waiting, incomingOrder({ status: 'paid', at: -1 }), noon + 5);
    expect(result).toBe('outdated');
    expect(notice).toMatchObject({ visitorId: 'visitor-1', dueAt: noon + 5, desired: { status: 'shipped' } });
    expect(stateOf(notice)).toBe('pending');
  });

  test.each(['refused', 'expired'] as const)('newer than a %s one is sent', (kind) => {
    const notice = recordOn(heldAs(kind), { status: 'shipped' });
    expect(stateOf(notice)).toBe('pending');
  });

  test('with the text of an expired one is sent if it is not too late for it', () => {
    const expired = heldAs('expired', recordAll(incomingOrder({ postBy: 1 })));
    const late = record(expired, incomingOrder({ at: 1, postBy: 1 }), noon + 2);
    expect(late).toMatchObject({ result: 'unchanged', notice: { hold: { kind: 'expired' } } });
    const { result, notice } = record(late.notice, incomingOrder({ at: 2, postBy: 2 }), noon + 2);
    expect(result).toBe('accepted');
    expect(stateOf(notice)).toBe('pending');
    const dropped = heldAs('expired', recordAll(incomingOrder({ postBy: 2 })));
    expect(record(dropped, incomingOrder({ at: 2 }), noon + 2).result).toBe('unchanged');
    const sent = posted(recordAll(incomingOrder({ postBy: 1 })), 'm1');
    expect(record(sent, incomingOrder({ at: 2 }), noon + 2).result).toBe('unchanged');
  });

  test('replaces one that waits, and keeps its place in the queue', () => {
    const waiting = recordAll(incomingOrder());
    const changed = record(waiting, incomingOrder({ text: 'Paid, thanks.', at: 1 }), noon + 60_000).notice;
    expect(changed.dueAt).toBe(waiting.dueAt);
    const pausing = { ...waiting, dueAt: noon + 120_000, attempts: 3 };
    const tried = record(pausing, incomingOrder({ status: 'shipped' }), noon + 60_000).notice;
    expect(tried).toMatchObject({ dueAt: noon + 60_000, attempts: 0 });
    const sent = record(posted(waiting, 'm1'), incomingOrder({ status: 'shipped' }), noon + 60_000).notice;
    expect(sent.dueAt).toBe(noon + 60_000);
  });

  test('newer than a post of unknown outcome proceeds, and the post is remembered', () => {
    const unknown = called(recordAll(incomingOrder()), { kind: 'unknown', reason: 'time-out' });
    const notice = recordOn(unknown, { status: 'shipped' });
    expect(unreachableOf(notice)).toMatchObject([{ text: 'paid now' }]);
    expect(stateOf(notice)).toBe('pending');
    const withdrawn = withdraw(notice, noon + 1, noon).notice;
    expect(pendingDeletes(withdrawn)).toEqual([]);
    expect(stateOf(withdrawn)).toBe('settled');
  });

  test('from an HTTP request stores its hash, which later states do not change', () => {
    const first = record(blankNotice('order:1001'), { ...incomingOrder(), request: 'r1' }, noon).notice;
    expect(first.request).toBe('r1');
    const stored = { ...first, version: 1 };
    const second = record(stored, { ...incomingOrder({ status: 'shipped' }), request: 'r2' }, noon);
    expect(second).toMatchObject({ result: 'accepted', notice: { request: 'r1' } });
    const unasked = { ...recordAll(incomingOrder()), version: 1 };
    const asked = record(unasked, { ...incomingOrder({ status: 'shipped' }), request: 'r2' }, noon);
    expect(asked.notice.request).toBeUndefined();
  });

  test('for a visitor who is being erased is refused', () => {
    const erasing: Notice = { ...recordAll(incomingOrder()), erasing: true };
    const desired = incomingOrder({ status: 'shipped' });
    expect(record(erasing, desired, noon)).toEqual({ result: 'outdated', notice: erasing });
    expect(withdraw(erasing, noon + 10, noon)).toEqual({ result: 'outdated', notice: erasing });
  });

  test('that arrives during a call changes nothing about the call', () => {
    const sending = takeUp(recordAll(incomingOrder()), lease, noon).notice;
    expect(recordOn(sending, { status: 'shipped' }).call).toEqual(sending.call);
  });
});

test('a notice remembers the last twenty things that happened', () => {
  const happenings = Array.from({ length: 21 }, (_, index) => ({ at: noon + index, what: `${index}` }));
  const notice = happenings.reduce((seen, { at, what }) => logged(seen, at, what), blankNotice('order:1001'));
  expect(notice.log).toEqual(happenings.slice(1));
});

test('a precedence sorts by time within a rank, and its hash tells texts and senders apart', () => {
  expect(precedenceOf(0, 999, 'b') < precedenceOf(0, 1000, 'a')).toBe(true);
  const contents = [
    contentOf('a'),
    contentOf('a', 'b'),
    contentOf('a', undefined, 'b'),
    contentOf(undefined),
  ];
  expect(new Set(contents).size).toBe(4);
  for (const content of contents) expect(content).toHaveLength(16);
});

describe('reopening an order', () => {
  const cancelled = incomingOrder({ status: 'cancelled', at: 1000 });
  const reopened = incomingOrder({ status: 'paid', at: 2000, text: 'It goes on.', reopens: true });

  test('restarts the ranks', () => {
    const notice = recordAll(cancelled, reopened);
    expect(notice).toMatchObject({ revision: 2, desired: { text: 'It goes on.' }, reopenedAt: noon + 2000 });
    expect(
      recordAll(cancelled, reopened, incomingOrder({ status: 'shipped', at: 3000 })).desired?.status,
    ).toBe('shipped');
  });

  test('happens once, however often the event is delivered', () => {
    const notice = recordAll(cancelled, reopened);
    expect(record(notice, reopened, noon)).toEqual({ result: 'duplicate', notice });
  });

  test('makes everything that occurred before outdated', () => {
    const notice = recordAll(reopened);
    expect(record(notice, cancelled, noon)).toEqual({ result: 'outdated', notice });
  });

  test('happens although an event of an earlier moment is outdated', () => {
    const notice = recordOn(recordAll(cancelled), { at: 500, reopens: true });
    expect(notice).toMatchObject({ revision: 1, desired: { status: 'cancelled' }, reopenedAt: noon + 500 });
  });

  test('happens although the same state was recorded before without it', () => {
    const notice = recordAll(cancelled, { ...reopened, reopens: false });
    expect(notice.desired?.status).toBe('cancelled');
    expect(record(notice, reopened, noon)).toMatchObject({
      result: 'accepted',
      notice: { desired: { status: 'paid' } },
    });
  });

  test('applies a later status that arrived before it', () => {
    const shipped = incomingOrder({ status: 'shipped', at: 3000 });
    expect(recordAll(cancelled, shipped).desired?.status).toBe('cancelled');
    expect(recordAll(cancelled, shipped, reopened)).toMatchObject({
      desired: { status: 'shipped' },
      superseded: [],
    });
  });
});

describe('withdrawing', () => {
  test('deletes every message and stops a waiting one', () => {
    const paid = posted(recordAll(incomingOrder()), 'm1');
    const notice = posted(recordOn(paid, { status: 'shipped', policy: 'replace', priority: 4 }), 'm2');
    const { result, notice: withdrawn } = withdraw(notice, noon + 10, noon + 10);
    expect(result).toBe('accepted');
    expect(withdrawn).toMatchObject({
      revision: 3,
      desired: { status: 'shipped', policy: 'replace', priority: 4 },
      log: [{}, {}, {}, {}, { at: noon + 10, what: 'withdrawn' }],
    });
    expect(keptIn(withdrawn)).toEqual([]);
    expect(pendingDeletes(withdrawn)).toEqual(['m1', 'm2']);
    expect(newestOf(withdrawn)).toBeUndefined();
    expect(stateOf(withdrawn)).toBe('pending');
  });

  test('overrides the same status, and a later status is sent', () => {
    const { result, notice: withdrawn } = withdraw(
      recordAll(incomingOrder({ status: 'shipped' })),
      noon + 10,
      noon,
    );
    expect(result).toBe('accepted');
    expect(record(withdrawn, incomingOrder({ status: 'shipped', at: 99, text: 'again' }), noon).result).toBe(
      'outdated',
    );
    expect(record(withdrawn, incomingOrder({ status: 'delivered', at: 5 }), noon).result).toBe('accepted');
  });

  test('overrides everything that occurred before if only time counts', () => {
    const withdrawn = withdraw(recordAll(incomingTimed('sale', 0)), noon + 10, noon).notice;
    expect(record(withdrawn, incomingTimed('sale!', 10), noon).result).toBe('outdated');
    expect(record(withdrawn, incomingTimed('sale!', 11), noon).result).toBe('accepted');
  });

  test('can be repeated with the effect of once', () => {
    const withdrawn = withdraw(recordAll(incomingOrder()), noon + 10, noon).notice;
    expect(withdraw(withdrawn, noon + 10, noon)).toEqual({ result: 'duplicate', notice: withdrawn });
    const again = withdraw(withdrawn, noon + 20, noon);
    expect(again).toMatchObject({ result: 'unchanged', notice: { revision: withdrawn.revision } });
    expect(withdraw(again.notice, noon + 10, noon)).toEqual({ result: 'outdated', notice: again.notice });
  });

  test('is outdated if something occurred later', () => {
    for (const later of [incomingTimed('sale', 100), incomingOrder({ at: 100 })]) {
      const notice = recordAll(later);
      expect(withdraw(notice, noon + 99, noon)).toEqual({ result: 'outdated', notice });
      expect(withdraw(notice, noon + 100, noon).result).toBe('accepted');
    }
  });

  test('an unknown notice is stored', () => {
    const withdrawn = withdraw(blankNotice('newsletter'), noon + 10, noon).notice;
    expect(stateOf(withdrawn)).toBe('settled');
    expect(withdrawn.desired).toMatchObject({ status: '', policy: 'append', priority: 1 });
    expect(record(withdrawn, incomingTimed('sale', 5), noon).result).toBe('outdated');
    expect(record(withdrawn, incomingTimed('sale', 11), noon).result).toBe('accepted');
  });

  test('has no effect on what a later reopening started', () => {
    const stub: Notice = { ...blankNotice('newsletter'), reopenedAt: noon + 50 };
    expect(withdraw(stub, noon + 49, noon)).toEqual({ result: 'outdated', notice: stub });
    expect(withdraw(stub, noon + 50, noon).result).toBe('accepted');
  });

  test('has a message deleted that is being posted', () => {
    const sending = takeUp(recordAll(incomingOrder()), lease, noon).notice;
    expect(withdraw(sending, noon + 10, noon).notice.call).toEqual({ ...sending.call, keep: false });
  });

  test('again retries a deletion that Brevo refused', () => {
    const withdrawn = withdraw(posted(recordAll(incomingOrder()), 'm1'), noon + 10, noon).notice;
    const refused = called(withdrawn, { kind: 'refused', reason: '400' });
    expect(stateOf(refused)).toBe('refused');
    expect(stateOf(withdraw(refused, noon + 20, noon).notice)).toBe('pending');
  });
});

const anyIncoming = fc
  .record({
    status: fc.constantFrom(...orderStatuses),
    at: fc.nat(12).map((minutes) => minutes * 60_000),
    text: fc.constantFrom('a', 'b', 'c'),
    reopens: fc.boolean(),
  })
  .map(incomingOrder);

/** The precedence that should win, computed without regard to the order of arrival. */
const meant = (states: readonly Incoming[]): string | undefined => {
  const reopenedAt = Math.max(
    0,
    ...states.filter(({ reopens }) => reopens).map(({ desired }) => desired.occurredAt),
  );
  const alive = states.map(({ desired }) => desired).filter(({ occurredAt }) => occurredAt >= reopenedAt);
  return alive.toSorted((a, b) => (a.precedence < b.precedence ? -1 : 1)).at(-1)?.precedence;
};

describe('for any order and number of deliveries', () => {
  property.prop([
    fc.array(anyIncoming, { minLength: 1, maxLength: 8 }).chain((states) =>
      fc.record({
        states: fc.constant(states),
        arrivals: fc
          .array(fc.nat(states.length - 1), { maxLength: 8 })
          .chain((again) =>
            fc.shuffledSubarray([...states.keys(), ...again], { minLength: states.length + again.length }),
          ),
      }),
    ),
  ])('the same desired state wins', ({ states, arrivals }) => {
    const arriving = arrivals.flatMap((index) => states[index] ?? []);
    expect(recordAll(...arriving).desired?.precedence).toBe(meant(states));
  });

  property.prop([fc.array(anyIncoming, { maxLength: 8 })])(
    'the revision counts the changes of the desired state',
    (states) => {
      let notice = blankNotice('order:1001');
      for (const desired of states) {
        const before = notice;
        const { result, notice: after } = record(before, desired, noon);
        expect(after.revision - before.revision).toBe(result === 'accepted' ? 1 : 0);
        expect(after.desired?.content !== before.desired?.content).toBe(result === 'accepted');
        notice = after;
      }
    },
  );
});
