import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { blankNotice, type Notice, nextStep, stateOf } from '../../../lib/notices/notice.ts';
import { rewrite, withdrawByPerson } from '../../../lib/notices/person.ts';
import { addressedTo, type NewWish, record } from '../../../lib/notices/record.ts';
import { withdraw } from '../../../lib/notices/withdraw.ts';
import { orderStatuses } from '../../../lib/texts/order-status.ts';
import { noon, orderWish, timedWish } from '../../support/wishes.ts';

const occasion = { now: noon + 1000, postBy: noon + 86_400_000 };

const recordAll = (...wishes: NewWish[]): Notice =>
  wishes.reduce((notice, wish) => record(notice, wish, noon).notice, blankNotice('order:1001'));

/** As it is once its wish was posted. */
const sent = (notice: Notice, messageId: string): Notice => {
  const { revision, wish, messages } = notice;
  const { status = '', text = '' } = wish ?? {};
  return {
    ...notice,
    applied: { revision, status, text, messageId },
    messages: [...messages, messageId],
  };
};

const shipped = sent(recordAll(orderWish({ status: 'shipped' })), 'm1');

describe('a new text', () => {
  test('edits the newest message in place, whatever the policy', () => {
    for (const policy of ['append', 'edit', 'replace'] as const) {
      const notice = sent(recordAll(orderWish({ policy })), 'm1');
      const step = nextStep(rewrite(notice, { text: 'new' }, occasion));
      expect(step).toEqual({ kind: 'edit', messageId: 'm1', text: 'new' });
    }
  });

  test('is posted where nothing is in the chat, in the name it gives', () => {
    const notice = rewrite(recordAll(orderWish()), { text: 'new', agentId: 'a', groupId: 'g' }, occasion);
    expect(nextStep(notice)).toMatchObject({ kind: 'post', text: 'new', agentId: 'a', groupId: 'g' });
    expect(notice.wish?.postBy).toBe(occasion.postBy);
  });

  test.each<[string, Notice]>([
    ['withdrawn', withdraw(shipped, noon + 10, noon).notice],
    ['expired', { ...recordAll(orderWish()), expired: true }],
    ['refused', { ...recordAll(orderWish()), failure: { at: noon, reason: '400', step: 'post' } }],
    ['held', { ...recordAll(orderWish()), unknown: { revision: 1, at: noon, reason: 'time-out' } }],
  ])('is posted where the notice was %s', (_what, notice) => {
    expect(nextStep(rewrite(notice, { text: 'new' }, occasion))).toMatchObject({ kind: 'post', text: 'new' });
  });

  test('for a notice that was held does not forget the message that may be there', () => {
    const held: Notice = {
      ...recordAll(orderWish()),
      unknown: { revision: 1, at: noon, reason: 'time-out' },
    };
    expect(rewrite(held, { text: 'paid now' }, occasion).orphans).toEqual([{ revision: 1, at: noon }]);
  });

  test('that is desired already asks Brevo for nothing, and holds all the same', () => {
    const again = rewrite(shipped, { text: 'shipped now' }, occasion);
    expect(nextStep(again)).toBeUndefined();
    expect(again.revision).toBe(shipped.revision);
    expect(record(again, orderWish({ status: 'shipped', text: 'other', at: 5 }), noon).result).toBe(
      'outdated',
    );
  });

  test('edits the message that says the same under another status', () => {
    const wish = orderWish({ status: 'delivered', text: 'shipped now', agentId: 'a' });
    const notice = record(shipped, wish, noon).notice;
    expect(nextStep(rewrite(notice, { text: 'new' }, occasion))).toMatchObject({
      kind: 'edit',
      messageId: 'm1',
    });
  });

  test('for a status that waits to be posted is posted for it', () => {
    const notice = record(shipped, orderWish({ status: 'delivered' }), noon).notice;
    expect(nextStep(rewrite(notice, { text: 'new' }, occasion))).toMatchObject({ kind: 'post', text: 'new' });
  });

  test('can be the first, where only the visitor is known; a status then goes ahead of it', () => {
    const stub = addressedTo(blankNotice('order:1001'), 'visitor-1', noon);
    const notice = rewrite(stub, { text: 'hello' }, occasion);
    expect(nextStep(notice)).toMatchObject({ kind: 'post', text: 'hello' });
    expect(record(notice, orderWish(), noon).result).toBe('accepted');
  });

  test('is not told to a visitor who is being erased', () => {
    const erasing: Notice = { ...withdrawByPerson(shipped, noon), erasing: true };
    expect(rewrite(erasing, { text: 'new' }, occasion)).toBe(erasing);
  });
});

describe('a withdrawal by a person', () => {
  test('deletes all messages and stops what waits', () => {
    const waiting = record(shipped, orderWish({ status: 'delivered' }), noon).notice;
    const withdrawn = withdrawByPerson(waiting, occasion.now);
    expect(withdrawn).toMatchObject({ messages: [], surplus: ['m1'], withdrawnAt: withdrawn.revision });
    expect(nextStep(withdrawn)).toEqual({ kind: 'delete', messageId: 'm1' });
  });

  test('applies though something occurred later', () => {
    const notice = sent(recordAll(timedWish('sale', 9000)), 'm1');
    expect(withdrawByPerson(notice, occasion.now).surplus).toEqual(['m1']);
  });

  test('a second time counts no revision, and holds from then on', () => {
    const once = withdrawByPerson(recordAll(timedWish('sale', 0)), noon + 10);
    const twice = withdrawByPerson(once, noon + 20);
    expect(twice.revision).toBe(once.revision);
    expect(record(once, timedWish('sale!', 20), noon).result).toBe('accepted');
    expect(record(twice, timedWish('sale!', 20), noon).result).toBe('outdated');
  });

  test('of a notice of which only the visitor is known holds against what occurred before', () => {
    const stub = addressedTo(blankNotice('order:1001'), 'visitor-1', noon);
    const withdrawn = withdrawByPerson(stub, noon + 10);
    expect(stateOf(withdrawn)).toBe('settled');
    expect(record(withdrawn, orderWish({ at: 9 }), noon).result).toBe('outdated');
    expect(record(withdrawn, orderWish({ at: 10 }), noon).result).toBe('accepted');
  });
});

type Act = (notice: Notice, now: number) => Notice;
const acts: [string, Act][] = [
  ['a new text', (notice, now) => rewrite(notice, { text: 'by hand' }, { ...occasion, now })],
  ['a withdrawal', withdrawByPerson],
];

describe.each(acts)('%s by a person', (_what, act) => {
  test('holds against every event of the status, and repeats of what was seen stay without effect', () => {
    const first = orderWish({ status: 'shipped' });
    const acted = act(recordAll(first), noon + 1000);
    expect(record(acted, first, noon)).toEqual({ result: 'outdated', notice: acted });
    const later = orderWish({ status: 'shipped', text: 'new link', at: 60_000 });
    expect(record(acted, later, noon)).toMatchObject({ result: 'outdated', notice: { wish: acted.wish } });
  });

  test('does not hold against a later status, whenever it occurred', () => {
    const acted = act(recordAll(orderWish({ status: 'shipped' })), noon + 1000);
    expect(record(acted, orderWish({ status: 'delivered', at: 5 }), noon).result).toBe('accepted');
  });

  test('does not hold against the order being reopened, though that comes late', () => {
    const acted = act(recordAll(orderWish({ status: 'cancelled', at: 10 })), noon + 1000);
    const reopened = orderWish({ status: 'paid', at: 20, reopens: true });
    expect(record(acted, reopened, noon)).toMatchObject({
      result: 'accepted',
      notice: { wish: reopened.wish },
    });
  });

  test('holds after a reopening that was seen, however often that is delivered', () => {
    const reopened = orderWish({ status: 'paid', at: 20, reopens: true });
    const acted = act(recordAll(reopened), noon + 1000);
    expect(record(acted, reopened, noon)).toEqual({ result: 'outdated', notice: acted });
  });

  test('where time alone counts holds against all that occurred before it', () => {
    const acted = act(recordAll(timedWish('sale', 0)), noon + 10);
    expect(record(acted, timedWish('sale!', 10), noon).result).toBe('outdated');
    expect(record(acted, timedWish('sale!', 11), noon).result).toBe('accepted');
  });

  test('holds against a withdrawal event from before it, and not against one from after it', () => {
    for (const first of [orderWish(), timedWish('sale', 0)]) {
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
  ])('applies whatever was before it, in the same millisecond too', (events, before, isTimed) => {
    const wishes = events.map(({ status, at }) =>
      isTimed ? timedWish(status, at) : orderWish({ status, at }),
    );
    const acted = before.reduce((notice, [, earlier]) => earlier(notice, noon), recordAll(...wishes));
    const last = act(acted, noon);
    const expected = act(recordAll(), noon).wish;
    expect(last.wish?.text).toBe(expected?.text);
    expect(`${last.wish?.precedence}` > (acted.wish?.precedence ?? '')).toBe(true);
    for (const wish of wishes) expect(record(last, wish, noon).notice.wish).toEqual(last.wish);
  });
});
