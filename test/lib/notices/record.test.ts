import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { blankNotice, type Notice, stateOf } from '../../../lib/notices/notice.ts';
import { type NewWish, record } from '../../../lib/notices/record.ts';
import { withdraw } from '../../../lib/notices/withdraw.ts';
import { orderStatuses } from '../../../lib/texts/order-status.ts';
import { noon, orderWish, timedWish } from '../../support/wishes.ts';

const recordAll = (...wishes: NewWish[]): Notice =>
  wishes.reduce((notice, wish) => record(notice, wish, noon).notice, blankNotice('order:1001'));

const sent = (notice: Notice, messageId: string): Notice => ({
  ...notice,
  applied: { revision: notice.revision, status: notice.wish?.status ?? '', text: notice.wish?.text ?? '' },
  messages: [...notice.messages, messageId],
});

describe('a wish', () => {
  test('for a notice not known yet is accepted and due', () => {
    const { result, notice } = record(blankNotice('order:1001'), orderWish({ text: 'Paid.' }), noon);
    expect(result).toBe('accepted');
    expect(notice).toMatchObject({
      revision: 1,
      visitorId: 'visitor-1',
      dueAt: noon,
      wish: { text: 'Paid.' },
    });
    expect(stateOf(notice)).toBe('pending');
  });

  test('seen before changes nothing', () => {
    const notice = recordAll(orderWish());
    expect(record(notice, orderWish(), noon + 1)).toEqual({ result: 'duplicate', notice });
  });

  test('of an earlier status is outdated, whenever it occurred', () => {
    const notice = recordAll(orderWish({ status: 'delivered', at: 0 }));
    expect(record(notice, orderWish({ status: 'paid', at: -1 }), noon)).toEqual({
      result: 'outdated',
      notice,
    });
    expect(record(notice, orderWish({ status: 'paid', at: 1 }), noon)).toMatchObject({
      result: 'outdated',
      notice: { wish: { status: 'delivered' }, revision: 1 },
    });
  });

  test('of the same status and a later time replaces the text', () => {
    const notice = recordAll(orderWish({ text: 'old link' }), orderWish({ text: 'new link', at: 1 }));
    expect(notice).toMatchObject({ revision: 2, wish: { text: 'new link' } });
  });

  test('that says the same again advances without a revision, so that what is older stays outdated', () => {
    const saved = [0, 1, 2, 3, 4].map((at) => orderWish({ text: 'Paid.', at }));
    const notice = recordAll(...saved);
    expect(notice).toMatchObject({ revision: 1, wish: { occurredAt: noon + 4 } });
    expect(record(notice, orderWish({ text: 'older', at: 3 }), noon).result).toBe('outdated');
  });

  test('that says the same under a newer status makes the message in the chat speak for that status', () => {
    const paid = sent(recordAll(orderWish({ status: 'paid', text: 'Thanks!' })), 'm1');
    const { result, notice } = record(
      paid,
      orderWish({ status: 'processing', text: 'Thanks!', at: 1 }),
      noon,
    );
    expect(result).toBe('unchanged');
    expect(notice.applied).toEqual({ revision: 1, status: 'processing', text: 'Thanks!' });
  });

  test('that says the same does not make an older message speak for it', () => {
    const paid = sent(recordAll(orderWish({ status: 'paid', text: 'Thanks!' })), 'm1');
    const shipped = record(paid, orderWish({ status: 'shipped', text: 'Sent.' }), noon).notice;
    const { notice } = record(shipped, orderWish({ status: 'delivered', text: 'Sent.', at: 1 }), noon);
    expect(notice).toMatchObject({ applied: { status: 'paid' }, wish: { status: 'delivered' } });
  });

  test('in the name of another agent is another wish', () => {
    const notice = recordAll(
      orderWish({ text: 'Hi', agentId: 'a' }),
      orderWish({ text: 'Hi', agentId: 'b', at: 1 }),
    );
    expect(notice).toMatchObject({ revision: 2, wish: { agentId: 'b' } });
  });

  test('for another visitor is refused', () => {
    const notice = recordAll(orderWish());
    const refused = record(notice, orderWish({ status: 'shipped', visitorId: 'visitor-2' }), noon);
    expect(refused).toEqual({ result: 'misaddressed', notice });
  });

  test('that names no visitor is for the one known', () => {
    const notice = recordAll(orderWish(), orderWish({ status: 'refunded', visitorId: undefined }));
    expect(notice).toMatchObject({ visitorId: 'visitor-1', wish: { status: 'refunded' } });
  });

  test('without any visitor waits, and goes to the one that even an outdated event names', () => {
    const waiting = recordAll(orderWish({ status: 'shipped', visitorId: undefined }));
    expect(stateOf(waiting)).toBe('unaddressed');
    const { result, notice } = record(waiting, orderWish({ status: 'paid', at: -1 }), noon + 5);
    expect(result).toBe('outdated');
    expect(notice).toMatchObject({ visitorId: 'visitor-1', dueAt: noon + 5, wish: { status: 'shipped' } });
    expect(stateOf(notice)).toBe('pending');
  });

  test('newer than a refused one is tried', () => {
    const refused = { ...recordAll(orderWish()), failure: { at: noon, reason: 'text too long' } };
    expect(record(refused, orderWish({ status: 'shipped' }), noon).notice.failure).toBeUndefined();
  });

  test('newer than one that expired is told', () => {
    const expired = { ...recordAll(orderWish()), expired: true };
    expect(record(expired, orderWish({ status: 'shipped' }), noon).notice.expired).toBe(false);
  });

  test('newer than a post of unknown outcome goes ahead, and the possible message is not forgotten', () => {
    const unknown = { ...recordAll(orderWish()), unknown: { revision: 1, at: noon, reason: 'time-out' } };
    const { notice } = record(unknown, orderWish({ status: 'shipped' }), noon + 9);
    expect(notice.unknown).toBeUndefined();
    expect(notice.orphans).toEqual([{ revision: 1, at: noon }]);
    expect(stateOf(notice)).toBe('pending');
  });

  test('made by an HTTP request is remembered with it, and later ones leave that as it is', () => {
    const first = record(blankNotice('order:1001'), { ...orderWish(), request: 'r1' }, noon).notice;
    expect(first.request).toBe('r1');
    const stored = { ...first, version: 1 };
    const second = record(stored, { ...orderWish({ status: 'shipped' }), request: 'r2' }, noon);
    expect(second).toMatchObject({ result: 'accepted', notice: { request: 'r1' } });
    const unasked = { ...recordAll(orderWish()), version: 1 };
    const asked = record(unasked, { ...orderWish({ status: 'shipped' }), request: 'r2' }, noon);
    expect(asked.notice.request).toBeUndefined();
  });

  test('for a visitor who is being erased is not taken', () => {
    const erasing: Notice = { ...recordAll(orderWish()), erasing: true };
    const wish = orderWish({ status: 'shipped' });
    expect(record(erasing, wish, noon)).toEqual({ result: 'outdated', notice: erasing });
    expect(withdraw(erasing, noon + 10, noon)).toEqual({ result: 'outdated', notice: erasing });
  });

  test('that comes during a call leaves the lease, and notes what the call was about', () => {
    const sending = { ...recordAll(orderWish()), lease: { id: 'l', until: noon + 60_000 } };
    const once = record(sending, orderWish({ status: 'shipped' }), noon).notice;
    expect(once.lease).toEqual({ id: 'l', until: noon + 60_000, revision: 1, step: 'post' });
    const twice = record(once, orderWish({ status: 'delivered' }), noon).notice;
    expect(twice.lease).toEqual(once.lease);
  });
});

describe('reopening an order', () => {
  const cancelled = orderWish({ status: 'cancelled', at: 1000 });
  const reopened = orderWish({ status: 'paid', at: 2000, text: 'It goes on.', reopens: true });

  test('starts the ranks anew', () => {
    const notice = recordAll(cancelled, reopened);
    expect(notice).toMatchObject({ revision: 2, wish: { text: 'It goes on.' }, reopenedAt: noon + 2000 });
    expect(recordAll(cancelled, reopened, orderWish({ status: 'shipped', at: 3000 })).wish?.status).toBe(
      'shipped',
    );
  });

  test('happens once, however often the event is delivered', () => {
    const notice = recordAll(cancelled, reopened);
    expect(record(notice, reopened, noon)).toEqual({ result: 'duplicate', notice });
  });

  test('makes what occurred before outdated', () => {
    const notice = recordAll(reopened);
    expect(record(notice, cancelled, noon)).toEqual({ result: 'outdated', notice });
  });

  test('brings forward a later status that came before it', () => {
    const shipped = orderWish({ status: 'shipped', at: 3000 });
    expect(recordAll(cancelled, shipped).wish?.status).toBe('cancelled');
    expect(recordAll(cancelled, shipped, reopened)).toMatchObject({
      wish: { status: 'shipped' },
      overtaken: [],
    });
  });
});

describe('withdrawing', () => {
  test('deletes every message and stops what waits', () => {
    const notice = sent(sent(recordAll(orderWish()), 'm1'), 'm2');
    const { result, notice: withdrawn } = withdraw(notice, noon + 10, noon + 10);
    expect(result).toBe('accepted');
    expect(withdrawn).toMatchObject({ messages: [], surplus: ['m1', 'm2'], revision: 2, withdrawnAt: 2 });
    expect(withdrawn.applied).toBeUndefined();
    expect(stateOf(withdrawn)).toBe('pending');
  });

  test('holds against the same status, and a later one is told anew', () => {
    const withdrawn = withdraw(recordAll(orderWish({ status: 'shipped' })), noon + 10, noon).notice;
    expect(record(withdrawn, orderWish({ status: 'shipped', at: 99, text: 'again' }), noon).result).toBe(
      'outdated',
    );
    expect(record(withdrawn, orderWish({ status: 'delivered', at: 5 }), noon).result).toBe('accepted');
  });

  test('where time alone counts holds against all that occurred before', () => {
    const withdrawn = withdraw(recordAll(timedWish('sale', 0)), noon + 10, noon).notice;
    expect(record(withdrawn, timedWish('sale!', 10), noon).result).toBe('outdated');
    expect(record(withdrawn, timedWish('sale!', 11), noon).result).toBe('accepted');
  });

  test('twice is once', () => {
    const withdrawn = withdraw(recordAll(orderWish()), noon + 10, noon).notice;
    expect(withdraw(withdrawn, noon + 10, noon)).toEqual({ result: 'duplicate', notice: withdrawn });
    const again = withdraw(withdrawn, noon + 20, noon);
    expect(again).toMatchObject({ result: 'unchanged', notice: { revision: withdrawn.revision } });
    expect(withdraw(again.notice, noon + 10, noon)).toEqual({ result: 'outdated', notice: again.notice });
  });

  test('is outdated by what occurred later', () => {
    const notice = recordAll(timedWish('sale', 100));
    expect(withdraw(notice, noon + 10, noon)).toEqual({ result: 'outdated', notice });
  });

  test('before anything is known is remembered', () => {
    const withdrawn = withdraw(blankNotice('newsletter'), noon + 10, noon).notice;
    expect(stateOf(withdrawn)).toBe('settled');
    expect(record(withdrawn, timedWish('sale', 5), noon).result).toBe('outdated');
    expect(record(withdrawn, timedWish('sale', 11), noon).result).toBe('accepted');
  });

  test('does not reach behind a reopening', () => {
    const stub: Notice = { ...blankNotice('newsletter'), reopenedAt: noon + 50 };
    expect(withdraw(stub, noon + 10, noon)).toEqual({ result: 'outdated', notice: stub });
  });
});

const anyWish = fc
  .record({
    status: fc.constantFrom(...orderStatuses),
    at: fc.nat(12).map((minutes) => minutes * 60_000),
    text: fc.constantFrom('a', 'b', 'c'),
    reopens: fc.boolean(),
  })
  .map(orderWish);

/** What the events mean, told without regard to how they arrive. */
const meant = (wishes: readonly NewWish[]): string | undefined => {
  const reopenedAt = Math.max(
    0,
    ...wishes.filter(({ reopens }) => reopens).map(({ wish }) => wish.occurredAt),
  );
  const alive = wishes.map(({ wish }) => wish).filter(({ occurredAt }) => occurredAt >= reopenedAt);
  return alive.toSorted((a, b) => (a.precedence < b.precedence ? -1 : 1)).at(-1)?.precedence;
};

describe('whatever the order of arrival and however often', () => {
  property.prop([
    fc.array(anyWish, { minLength: 1, maxLength: 8 }).chain((wishes) =>
      fc.record({
        wishes: fc.constant(wishes),
        arrivals: fc
          .array(fc.nat(wishes.length - 1), { maxLength: 8 })
          .chain((again) =>
            fc.shuffledSubarray([...wishes.keys(), ...again], { minLength: wishes.length + again.length }),
          ),
      }),
    ),
  ])('the same wish prevails', ({ wishes, arrivals }) => {
    const arriving = arrivals.flatMap((index) => wishes[index] ?? []);
    expect(recordAll(...arriving).wish?.precedence).toBe(meant(wishes));
  });

  property.prop([fc.array(anyWish, { maxLength: 8 })])(
    'the revision counts changes of what is desired',
    (wishes) => {
      let notice = blankNotice('order:1001');
      for (const wish of wishes) {
        const before = notice;
        const { result, notice: after } = record(before, wish, noon);
        expect(after.revision - before.revision).toBe(result === 'accepted' ? 1 : 0);
        expect(after.wish?.content !== before.wish?.content).toBe(result === 'accepted');
        notice = after;
      }
    },
  );
});
