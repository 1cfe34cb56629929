import { describe, expect, test } from 'vitest';
import {
  claim,
  dueAt,
  giveBack,
  type Moment,
  type OnUnknownOutcome,
  type Outcome,
  settle,
} from '../../../lib/notices/lease.ts';
import { blankNotice, type Notice, nextStep, type Step, stateOf } from '../../../lib/notices/notice.ts';
import { record, withdraw } from '../../../lib/notices/record.ts';
import { incomingOrder, noon } from '../../support/incoming.ts';

const lease = { id: 'mine', until: noon + 60_000 };

const at = (now: number, onUnknownOutcome: OnUnknownOutcome = 'hold'): Moment => ({
  now,
  onUnknownOutcome,
  random: () => 0.5,
});

const noticeFor = (...mapping: Parameters<typeof incomingOrder>[0][]): Notice =>
  mapping.reduce(
    (notice, desired) => record(notice, incomingOrder(desired), noon).notice,
    blankNotice('order:1001'),
  );

const claimed = (notice: Notice): { notice: Notice; step: Step } => {
  const { notice: held, step } = claim(notice, lease, at(noon));
  if (step === undefined) throw new Error('nothing to claim');
  return { notice: held, step };
};

/** Takes the next step, with this outcome. */
const done = (notice: Notice, outcome: Outcome): Notice => {
  const held = claimed(notice);
  const settled = settle(held.notice, held, outcome, at(noon + 1));
  if (settled === undefined) throw new Error('the lease was lost');
  return settled;
};

const posted = (notice: Notice, messageId: string): Notice => done(notice, { kind: 'posted', messageId });

const paid = posted(noticeFor({ status: 'paid' }), 'm1');
const ship = (notice: Notice, given: Parameters<typeof incomingOrder>[0] = {}): Notice =>
  record(notice, incomingOrder({ status: 'shipped', ...given }), noon).notice;

describe('the next step', () => {
  test('of a new notice is a post with the desired sender', () => {
    const { desired } = incomingOrder();
    const notice: Notice = { ...noticeFor({}), desired: { ...desired, agentId: 'agent', groupId: 'group' } };
    expect(nextStep(notice)).toEqual({
      kind: 'post',
      visitorId: 'visitor-1',
      text: 'paid now',
      agentId: 'agent',
      groupId: 'group',
      replaces: false,
    });
  });

  test('of a settled notice is undefined', () => {
    expect(nextStep(paid)).toBeUndefined();
    expect(stateOf(paid)).toBe('settled');
  });

  test('for a new status follows the policy', () => {
    expect(nextStep(ship(paid))).toMatchObject({ kind: 'post', replaces: false });
    expect(nextStep(ship(paid, { policy: 'edit' }))).toEqual({
      kind: 'edit',
      messageId: 'm1',
      text: 'shipped now',
    });
    expect(nextStep(ship(paid, { policy: 'replace' }))).toMatchObject({ kind: 'post', replaces: true });
  });

  test('for a changed text of the same status is an edit, whatever the policy', () => {
    for (const policy of ['append', 'edit', 'replace'] as const) {
      const changed = record(paid, incomingOrder({ text: 'new link', at: 1, policy }), noon).notice;
      expect(nextStep(changed)).toEqual({ kind: 'edit', messageId: 'm1', text: 'new link' });
    }
  });

  test('is undefined if the chat already shows the desired text', () => {
    const there = ship(paid);
    const andBack = record(there, incomingOrder({ status: 'delivered', text: 'paid now' }), noon).notice;
    expect(nextStep(andBack)).toBeUndefined();
  });

  test('is undefined until the visitor is known', () => {
    expect(nextStep(noticeFor({ visitorId: undefined }))).toBeUndefined();
  });
});

describe('a claim', () => {
  test('takes the lease for the next step', () => {
    const { notice, step } = claim(noticeFor({}), lease, at(noon));
    expect(notice.lease).toEqual(lease);
    expect(step).toMatchObject({ kind: 'post' });
    expect(stateOf(notice)).toBe('sending');
  });

  test('is refused while another worker holds the lease', () => {
    const { notice } = claimed(noticeFor({}));
    expect(claim(notice, { id: 'other', until: noon + 90_000 }, at(noon + 59_999))).toEqual({ notice });
  });

  test('continues with the lease that was taken when the desired state was recorded', () => {
    const recorded = { ...noticeFor({}), lease };
    const { notice, step } = claim(recorded, lease, at(noon));
    expect(notice).toBe(recorded);
    expect(step).toMatchObject({ kind: 'post' });
  });

  test('notes in its lease that the call is for the newest desired state', () => {
    const { notice } = claim(ship({ ...noticeFor({}), lease }), lease, at(noon));
    expect(notice.lease).toEqual(lease);
    const found = claim(notice, { id: 'other', until: noon + 120_000 }, at(noon + 60_000)).notice;
    expect(found.unknown).toMatchObject({ revision: 2 });
  });

  test('releases the lease if there is nothing to do', () => {
    const { notice, step } = claim({ ...paid, lease }, lease, at(noon));
    expect(step).toBeUndefined();
    expect(notice.lease).toBeUndefined();
  });

  test('marks a desired state as expired if it is too late to post', () => {
    const { notice, step } = claim(noticeFor({ postBy: -1 }), lease, at(noon));
    expect(step).toBeUndefined();
    expect(stateOf(notice)).toBe('expired');
  });

  test('marks it as expired even if the lease was taken before', () => {
    const { notice, step } = claim({ ...noticeFor({ postBy: -1 }), lease }, lease, at(noon));
    expect(step).toBeUndefined();
    expect(notice).toMatchObject({ expired: true });
    expect(notice.lease).toBeUndefined();
  });

  test('has no time limit for edits and deletions', () => {
    const changed = record(paid, incomingOrder({ text: 'new link', at: 1, postBy: -1 }), noon).notice;
    expect(claim(changed, lease, at(noon)).step).toMatchObject({ kind: 'edit' });
    const withdrawn = withdraw(paid, noon + 1, noon).notice;
    expect(claim(withdrawn, lease, at(noon)).step).toEqual({ kind: 'delete', messageId: 'm1' });
  });

  test('deletes pending messages of an expired desired state', () => {
    const replaced = posted(ship(paid, { policy: 'replace' }), 'm2');
    const late = record(replaced, incomingOrder({ status: 'delivered', postBy: -1 }), noon).notice;
    expect(claim(late, lease, at(noon)).step).toEqual({ kind: 'delete', messageId: 'm1' });
  });

  test('has no step for a notice that needs an operator', () => {
    expect(
      claim({ ...noticeFor({}), refusal: { at: noon, reason: 'refused' } }, lease, at(noon)).step,
    ).toBeUndefined();
    expect(
      claim({ ...noticeFor({}), unknown: { revision: 1, at: noon, reason: '?' } }, lease, at(noon)).step,
    ).toBeUndefined();
  });

  test('can be released, but only by its holder', () => {
    const { notice } = claimed(noticeFor({}));
    expect(giveBack(notice, 'mine').lease).toBeUndefined();
    expect(giveBack(notice, 'other')).toBe(notice);
  });
});

describe('a lease that ran out', () => {
  const later = noon + 60_000;
  const other = { id: 'other', until: later + 60_000 };

  test('during a post leaves the outcome unknown', () => {
    const { notice } = claimed(noticeFor({}));
    const { notice: found, step } = claim(notice, other, at(later));
    expect(step).toBeUndefined();
    expect(stateOf(found)).toBe('unknown');
    expect(found.unknown).toMatchObject({ revision: 1, at: later });
  });

  test('during a post that was superseded leaves an orphan, and the newer desired state is sent', () => {
    const { notice } = claimed(noticeFor({}));
    const { notice: found, step } = claim(ship(notice), other, at(later));
    expect(found.orphans).toEqual([{ revision: 1, at: later }]);
    expect(step).toBeUndefined();
    expect(claim(found, other, at(later + 60_000)).step).toMatchObject({ kind: 'post', text: 'shipped now' });
  });

  test('during a post leaves the outcome unknown, even if the next step is now an edit', () => {
    const { notice } = claimed(ship(paid));
    const same = { status: 'delivered', text: 'shipped now', policy: 'edit' } as const;
    expect(claim(ship(notice, same), other, at(later)).notice.unknown).toMatchObject({ revision: 2 });
  });

  test('during an edit or a deletion lets the step be repeated', () => {
    const { notice: editing } = claimed(ship(paid, { policy: 'edit' }));
    expect(claim(editing, other, at(later)).step).toMatchObject({ kind: 'edit' });
    const { notice: deleting } = claimed(withdraw(paid, noon + 1, noon).notice);
    expect(claim(deleting, other, at(later)).step).toMatchObject({ kind: 'delete' });
  });
});

describe('after a call of unknown outcome', () => {
  const lost = { kind: 'unknown', reason: 'time-out' } as const;

  test('nothing is sent for a minute, not even a newer desired state', () => {
    const held = claimed(noticeFor({}));
    const settled = settle(ship(held.notice), held, lost, at(noon));
    if (settled === undefined) throw new Error('the lease was lost');
    expect(claim(settled, lease, at(noon + 59_999)).step).toBeUndefined();
    expect(claim(settled, lease, at(noon + 60_000)).step).toMatchObject({ text: 'shipped now' });
    expect(dueAt(settled)).toBe(noon + 60_000);
  });

  test('a post is repeated after that minute if onUnknownOutcome is resend', () => {
    const held = claimed(noticeFor({}));
    const settled = settle(held.notice, held, lost, at(noon, 'resend'));
    if (settled === undefined) throw new Error('the lease was lost');
    expect(stateOf(settled)).toBe('pending');
    expect(claim(settled, lease, at(noon + 59_999)).step).toBeUndefined();
    expect(claim(settled, lease, at(noon + 60_000)).step).toMatchObject({ kind: 'post' });
  });
});

describe('after a call without effect', () => {
  test('the pause doubles up to a quarter of an hour, and half of it is random', () => {
    const pauses: number[] = [];
    let notice = noticeFor({});
    for (let attempt = 0; attempt < 8; attempt++) {
      const now = dueAt(notice);
      const held = claim(notice, lease, at(now));
      if (held.step === undefined) throw new Error('nothing to claim');
      const failed = { kind: 'no-effect', reason: 'refused connection', isBusy: false } as const;
      const settled = settle(held.notice, { ...held, step: held.step }, failed, at(now));
      if (settled === undefined) throw new Error('the lease was lost');
      pauses.push((dueAt(settled) - now) / 1000);
      notice = settled;
    }
    expect(pauses).toEqual([11.25, 22.5, 45, 90, 180, 360, 675, 675]);
    expect(posted({ ...notice, dueAt: noon }, 'm1')).toMatchObject({ attempts: 0, cooldownUntil: 0 });
    expect(ship(notice)).toMatchObject({ attempts: 0, dueAt: noon });
  });

  test('there is no pause if only the budget is missing', () => {
    const busy = done(noticeFor({}), { kind: 'no-effect', reason: '429', isBusy: true });
    expect(busy).toMatchObject({ attempts: 0, dueAt: noon });
  });
});

describe('the outcome', () => {
  test('posted makes the message the observed one', () => {
    expect(paid).toMatchObject({
      observed: { revision: 1, status: 'paid', text: 'paid now' },
      messages: ['m1'],
    });
    expect(paid.lease).toBeUndefined();
  });

  test('posted with the policy append keeps the older message', () => {
    expect(posted(ship(paid), 'm2')).toMatchObject({ messages: ['m1', 'm2'], pendingDeletes: [] });
  });

  test('posted with the policy replace has the older messages deleted, and settles only then', () => {
    const replaced = posted(ship(paid, { policy: 'replace' }), 'm2');
    expect(replaced).toMatchObject({ messages: ['m2'], pendingDeletes: ['m1'] });
    expect(stateOf(replaced)).toBe('pending');
    expect(stateOf(done(replaced, { kind: 'deleted' }))).toBe('settled');
  });

  test('edited changes the observed text of the newest message', () => {
    const edited = done(ship(paid, { policy: 'edit' }), { kind: 'edited' });
    expect(edited).toMatchObject({ observed: { revision: 2, text: 'shipped now' }, messages: ['m1'] });
    expect(stateOf(edited)).toBe('settled');
  });

  test('missing has the text posted again', () => {
    const missing = done(ship(paid, { policy: 'edit' }), { kind: 'missing' });
    expect(missing.messages).toEqual([]);
    expect(nextStep(missing)).toMatchObject({ kind: 'post', text: 'shipped now' });
  });

  test('missing for an older message leaves the newest unchanged', () => {
    const both = posted(ship(paid), 'm2');
    const asked = { ...both, pendingDeletes: ['m1'], messages: ['m2'] };
    expect(done(asked, { kind: 'deleted' })).toMatchObject({
      observed: { status: 'shipped' },
      messages: ['m2'],
      pendingDeletes: [],
    });
  });

  test('refused holds the notice with the reason', () => {
    const refused = done(noticeFor({}), { kind: 'refused', reason: '400 out_of_range' });
    expect(stateOf(refused)).toBe('refused');
    expect(refused.refusal).toEqual({ at: noon + 1, reason: '400 out_of_range', step: 'post' });
  });

  test('refused does not hold a newer desired state', () => {
    const held = claimed(noticeFor({}));
    const newer = ship(held.notice);
    expect(settle(newer, held, { kind: 'refused', reason: '400' }, at(noon))?.refusal).toBeUndefined();
  });

  test('no-effect lets the step be repeated', () => {
    expect(
      stateOf(done(noticeFor({}), { kind: 'no-effect', reason: 'refused connection', isBusy: false })),
    ).toBe('pending');
  });

  test('unknown holds the notice after a post, and lets an edit be repeated', () => {
    expect(stateOf(done(noticeFor({}), { kind: 'unknown', reason: 'time-out' }))).toBe('unknown');
    expect(stateOf(done(ship(paid, { policy: 'edit' }), { kind: 'unknown', reason: 'time-out' }))).toBe(
      'pending',
    );
  });

  test('unknown of a superseded post leaves an orphan', () => {
    const held = claimed(noticeFor({}));
    const settled = settle(ship(held.notice), held, { kind: 'unknown', reason: 'time-out' }, at(noon + 1));
    expect(settled).toMatchObject({
      orphans: [{ revision: 1, at: noon + 1 }],
      desired: { status: 'shipped' },
    });
  });

  test('posted after a withdrawal has the message deleted', () => {
    const held = claimed(noticeFor({}));
    const withdrawn = withdraw(held.notice, noon + 1, noon).notice;
    const settled = settle(withdrawn, held, { kind: 'posted', messageId: 'm1' }, at(noon + 1));
    expect(settled).toMatchObject({ pendingDeletes: ['m1'], messages: [] });
    expect(settled?.observed).toBeUndefined();
  });

  test('posted after a withdrawal and a new desired state has the message deleted and the new text posted', () => {
    const held = claimed(noticeFor({}));
    const again = ship(withdraw(held.notice, noon + 1, noon).notice);
    const settled = settle(again, held, { kind: 'posted', messageId: 'm1' }, at(noon + 1));
    expect(settled).toMatchObject({ pendingDeletes: ['m1'], messages: [] });
    expect(settled && nextStep(settled)).toMatchObject({ kind: 'post', text: 'shipped now' });
  });

  test('edited after a withdrawal is not observed', () => {
    const held = claimed(ship(paid, { policy: 'edit' }));
    const withdrawn = withdraw(held.notice, noon + 1, noon).notice;
    const settled = settle(withdrawn, held, { kind: 'edited' }, at(noon + 1));
    expect(settled).toMatchObject({ pendingDeletes: ['m1'] });
    expect(settled?.observed).toBeUndefined();
  });

  test('of a superseded call leaves the newer desired state to be sent', () => {
    const held = claimed(noticeFor({}));
    const settled = settle(ship(held.notice), held, { kind: 'posted', messageId: 'm1' }, at(noon + 1));
    expect(settled).toMatchObject({ observed: { revision: 1, text: 'paid now' }, messages: ['m1'] });
    expect(settled && nextStep(settled)).toMatchObject({ kind: 'post', text: 'shipped now' });
  });

  test('is discarded if the worker has lost the lease', () => {
    const held = claimed(noticeFor({}));
    const taken = { ...held.notice, lease: { id: 'other', until: noon + 120_000 } };
    expect(settle(taken, held, { kind: 'posted', messageId: 'm1' }, at(noon))).toBeUndefined();
    expect(settle(giveBack(held.notice, 'mine'), held, { kind: 'edited' }, at(noon))).toBeUndefined();
  });
});
