import { describe, expect, test } from 'vitest';
import { claim, dueAt, giveBack, type Outcome, settle, takeUp } from '../../../lib/notices/lease.ts';
import {
  blankNotice,
  type Notice,
  newestOf,
  nextStep,
  pendingDeletes,
  stateOf,
  unreachableOf,
} from '../../../lib/notices/notice.ts';
import { resolve, rewrite } from '../../../lib/notices/override.ts';
import { withdraw } from '../../../lib/notices/record.ts';
import {
  momentAt as at,
  called,
  claimed,
  incomingOrder,
  keptIn,
  lease,
  noon,
  posted,
  recordOn,
} from '../../support/incoming.ts';

const noticeFor = (given: Parameters<typeof recordOn>[1]): Notice =>
  recordOn(blankNotice('order:1001'), given);

const paid = posted(noticeFor({ status: 'paid' }), 'm1');
const ship = (notice: Notice, given: Parameters<typeof recordOn>[1] = {}): Notice =>
  recordOn(notice, { status: 'shipped', ...given });

/** The next step that may be taken at this time. */
const stepAt = (notice: Notice, now: number) => claim(notice, lease, at(now)).claimed?.step;

const lost = { kind: 'unknown', reason: 'time-out' } as const;

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
    });
  });

  test('of a settled notice is undefined', () => {
    expect(nextStep(paid)).toBeUndefined();
    expect(stateOf(paid)).toBe('settled');
  });

  test('for a new status follows the policy', () => {
    expect(nextStep(ship(paid))).toMatchObject({ kind: 'post' });
    expect(nextStep(ship(paid, { policy: 'edit' }))).toEqual({
      kind: 'edit',
      messageId: 'm1',
      text: 'shipped now',
    });
    expect(nextStep(ship(paid, { policy: 'replace' }))).toMatchObject({ kind: 'post' });
  });

  test('for a changed text of the same status is an edit, whatever the policy', () => {
    for (const policy of ['append', 'edit', 'replace'] as const) {
      const changed = recordOn(paid, { text: 'new link', at: 1, policy });
      expect(nextStep(changed)).toEqual({ kind: 'edit', messageId: 'm1', text: 'new link' });
    }
  });

  test('is undefined if the chat already shows the desired text', () => {
    const there = ship(paid);
    const andBack = recordOn(there, { status: 'delivered', text: 'paid now' });
    expect(nextStep(andBack)).toBeUndefined();
  });

  test('edits a message although it is too late to post, but waits for the decision of an operator', () => {
    const editing = ship(paid, { policy: 'edit' });
    const heldAs = (kind: 'expired' | 'refused' | 'unknown'): Notice => ({
      ...editing,
      hold: { kind, at: noon, reason: '?' },
    });
    expect(nextStep(heldAs('expired'))).toMatchObject({ kind: 'edit' });
    expect([nextStep(heldAs('refused')), nextStep(heldAs('unknown'))]).toEqual([undefined, undefined]);
  });

  test('edits no message below one that may be in the chat', () => {
    const doubtful = called(ship(paid), lost);
    const back = recordOn(doubtful, { text: 'paid after all', at: 1, reopens: true });
    expect(nextStep(back)).toMatchObject({ kind: 'post', text: 'paid after all' });
  });

  test('is undefined until the visitor is known', () => {
    expect(nextStep(noticeFor({ visitorId: undefined }))).toBeUndefined();
  });
});

describe('a claim', () => {
  test('takes the lease for the next step', () => {
    const { notice, claimed } = claim(noticeFor({}), lease, at(noon));
    expect(notice.call).toMatchObject({ lease: lease.id, until: lease.until, step: 'post', keep: true });
    expect(claimed).toMatchObject({ call: notice.call, step: { kind: 'post' } });
    expect(stateOf(notice)).toBe('sending');
  });

  test('is refused while another worker holds the lease', () => {
    const { notice } = claimed(noticeFor({}));
    expect(claim(notice, { id: 'other', until: noon + 90_000 }, at(noon + 59_999))).toEqual({ notice });
  });

  test('continues with the lease that was taken when the desired state was recorded', () => {
    const recorded = takeUp(noticeFor({}), lease, noon).notice;
    const { notice, claimed } = claim(recorded, lease, at(noon));
    expect(notice).toBe(recorded);
    expect(claimed).toMatchObject({ call: recorded.call, step: { kind: 'post' } });
  });

  test('is for the newest desired state, even if the lease was taken for an older one', () => {
    const { notice } = claim(ship(takeUp(noticeFor({}), lease, noon).notice), lease, at(noon));
    expect(notice.call?.desired).toEqual(notice.desired);
    const found = claim(notice, { id: 'other', until: noon + 120_000 }, at(noon + 60_000)).notice;
    expect(found).toMatchObject({ hold: { kind: 'unknown' }, messages: [{ status: 'shipped' }] });
  });

  test('releases the lease if there is nothing to do', () => {
    const { call } = claimed(noticeFor({}));
    const { notice, claimed: next } = claim({ ...paid, call }, lease, at(noon));
    expect(next).toBeUndefined();
    expect(notice.call).toBeUndefined();
  });

  test('holds a desired state as expired if it is too late to post, even if the lease was taken before', () => {
    const late = noticeFor({ postBy: 0 });
    for (const notice of [late, takeUp(late, lease, noon).notice]) {
      const taken = claim(notice, lease, at(noon + 1));
      expect(taken.claimed).toBeUndefined();
      expect(taken.notice.call).toBeUndefined();
      expect(stateOf(taken.notice)).toBe('expired');
      expect(taken.notice.hold).toEqual({ kind: 'expired', at: noon + 1, reason: 'too late to post' });
      expect(taken.notice.log.at(-1)).toEqual({ at: noon + 1, what: 'expired' });
    }
    expect(stepAt(late, noon)).toMatchObject({ kind: 'post' });
  });

  test('has no time limit for edits and deletions', () => {
    const changed = recordOn(paid, { text: 'new link', at: 1, postBy: -1 });
    expect(stepAt(changed, noon)).toMatchObject({ kind: 'edit' });
    const withdrawn = withdraw(paid, noon + 1, noon).notice;
    expect(stepAt(withdrawn, noon)).toEqual({ kind: 'delete', messageId: 'm1' });
  });

  test('deletes pending messages of an expired desired state', () => {
    const replaced = posted(ship(paid, { policy: 'replace' }), 'm2');
    const late = recordOn(replaced, { status: 'delivered', postBy: -1 });
    expect(stepAt(late, noon)).toEqual({ kind: 'delete', messageId: 'm1' });
  });

  test('has no step for a notice that needs an operator', () => {
    for (const kind of ['refused', 'unknown'] as const)
      expect(stepAt({ ...noticeFor({}), hold: { kind, at: noon, reason: '?' } }, noon)).toBeUndefined();
  });

  test('can be released, but only by its holder', () => {
    const { notice } = claimed(noticeFor({}));
    expect(giveBack(notice, 'mine').call).toBeUndefined();
    expect(giveBack(notice, 'other')).toBe(notice);
    expect(giveBack(paid, 'mine')).toBe(paid);
  });
});

const later = noon + 60_000;
const other = { id: 'other', until: later + 60_000 };

/** The notice after another worker found that its lease had run out. */
const abandoned = (notice: Notice) => claim(notice, other, at(later));

describe('a lease that ran out', () => {
  test('during a post leaves the outcome unknown', () => {
    const { notice: found, claimed: next } = abandoned(claimed(noticeFor({})).notice);
    expect(next).toBeUndefined();
    expect(stateOf(found)).toBe('unknown');
    const reason = 'the function stopped during the call, the outcome is unknown';
    expect(found.hold).toEqual({ kind: 'unknown', at: later, reason });
    expect(unreachableOf(found)).toMatchObject([{ text: 'paid now' }]);
  });

  test('during a post that was superseded leaves it unreachable, and the newer desired state is sent', () => {
    const { notice: found, claimed: next } = abandoned(ship(claimed(noticeFor({})).notice));
    expect(unreachableOf(found)).toMatchObject([{ text: 'paid now' }]);
    expect(next).toBeUndefined();
    expect(stepAt(found, later + 60_000)).toMatchObject({ kind: 'post', text: 'shipped now' });
  });

  test('during a post leaves the outcome unknown, even if the next step is now an edit', () => {
    const same = { status: 'delivered', text: 'shipped now', policy: 'edit' } as const;
    const { notice: found } = abandoned(ship(claimed(ship(paid)).notice, same));
    expect(found.hold).toMatchObject({ kind: 'unknown' });
  });

  test.each([
    ['edit', ship(paid, { policy: 'edit' })],
    ['delete', withdraw(paid, noon + 1, noon).notice],
  ])('during a call to %s lets it be repeated after a minute', (kind, notice) => {
    const { notice: found, claimed: next } = abandoned(claimed(notice).notice);
    expect(next).toBeUndefined();
    expect(stepAt(found, later + 59_999)).toBeUndefined();
    expect(stepAt(found, later + 60_000)).toMatchObject({ kind });
  });
});

describe('an outcome that arrives after its lease ran out', () => {
  const corrected = (abandoned: Notice, calling: ReturnType<typeof claimed>, outcome: Outcome): Notice =>
    settle(abandoned, calling.call, outcome, at(later + 1));
  const post = { kind: 'posted', messageId: 'm9' } as const;
  const calling = claimed(noticeFor({}));
  const unknown = abandoned(calling.notice).notice;

  test('posted settles the notice, and the message can be edited', () => {
    const proven = corrected(unknown, calling, post);
    expect(stateOf(proven)).toBe('settled');
    expect(keptIn(proven)).toEqual(['m9']);
    expect(unreachableOf(proven)).toEqual([]);
    expect(proven.log.at(-1)).toEqual({ at: later + 1, what: 'posted' });
    expect(nextStep(recordOn(proven, { text: 'new link', at: 1 }))).toMatchObject({ messageId: 'm9' });
  });

  test('posted has the message deleted if the text was sent again in the meantime', () => {
    const resend = resolve(unknown, 'resend', { now: later });
    const again = claim(resend ?? unknown, other, at(later + 60_000));
    if (again.claimed === undefined) throw new Error('nothing to claim');
    const both = settle(again.notice, again.claimed.call, { kind: 'posted', messageId: 'm10' }, at(later));
    const proven = corrected(both, calling, post);
    expect(keptIn(proven)).toEqual(['m10']);
    expect(nextStep(proven)).toEqual({ kind: 'delete', messageId: 'm9' });
    expect(corrected(proven, calling, post)).toBe(proven);
  });

  test('posted has the message deleted if the notice was withdrawn, rewritten or erased', () => {
    const withdrawn = withdraw(unknown, later, later).notice;
    const rewritten = recordOn(unknown, { text: 'paid, thanks', at: 1 });
    for (const notice of [withdrawn, ship(withdrawn), rewritten, blankNotice('order:1001')])
      expect(pendingDeletes(corrected(notice, calling, post))).toEqual(['m9']);
  });

  test.each([
    { text: 'paid, thanks', at: 1 },
    { status: 'shipped', text: 'paid now', agentId: 'b' },
  ] as const)('posted says nothing about another post of unknown outcome, as %j', (given) => {
    const both = called(recordOn({ ...unknown, cooldownUntil: 0 }, given), lost);
    expect(corrected(both, calling, post).messages).toMatchObject([{ id: 'm9' }, { inDoubt: true }]);
  });

  test('posted keeps the message beside that of a newer status', () => {
    const proven = corrected(ship(unknown), calling, post);
    expect(keptIn(proven)).toEqual(['m9']);
    expect(nextStep(proven)).toMatchObject({ kind: 'post', text: 'shipped now' });
  });

  test.each<Outcome>([
    { kind: 'refused', reason: '400' },
    { kind: 'no-effect', reason: '503', isBusy: false },
  ])('$kind changes nothing, for another worker may have posted the text since', (outcome) => {
    expect(corrected(unknown, calling, outcome)).toBe(unknown);
  });

  test('edited has a message edited again that shows a newer text, which the call may have overwritten', () => {
    const editing = claimed(recordOn(paid, { text: 'old link', at: 1 }));
    const newer = recordOn(abandoned(editing.notice).notice, { text: 'new link', at: 2 });
    const again = claim(newer, other, at(later + 60_000));
    if (again.claimed === undefined) throw new Error('nothing to claim');
    const edited = settle(again.notice, again.claimed.call, { kind: 'edited' }, at(later + 60_000));
    expect(stateOf(edited)).toBe('settled');
    const doubted = corrected(edited, editing, { kind: 'edited' });
    expect(nextStep(doubted)).toEqual({ kind: 'edit', messageId: 'm1', text: 'new link' });
    expect(doubted.dueAt).toBe(later + 1);
    const right = called(recordOn(paid, { text: 'old link', at: 1 }), { kind: 'edited' });
    expect(nextStep(corrected(right, editing, { kind: 'edited' }))).toBeUndefined();
  });

  test.each(['deleted', 'missing'] as const)('%s has the message forgotten', (kind) => {
    const deleting = claimed(withdraw(paid, noon + 1, noon).notice);
    const gone = corrected(abandoned(deleting.notice).notice, deleting, { kind });
    expect(gone.messages).toEqual([]);
    expect(stateOf(gone)).toBe('settled');
    expect(corrected(gone, deleting, { kind })).toEqual(gone);
  });

  test('unknown changes nothing', () => {
    expect(corrected(unknown, calling, lost)).toBe(unknown);
  });
});

describe('after a call of unknown outcome', () => {
  test('nothing is sent for a minute, not even a newer desired state', () => {
    const { notice, call } = claimed(noticeFor({}));
    const settled = settle(ship(notice), call, lost, at(noon));
    expect(stepAt(settled, noon + 59_999)).toBeUndefined();
    expect(stepAt(settled, noon + 60_000)).toMatchObject({ text: 'shipped now' });
    expect(dueAt(settled)).toBe(noon + 60_000);
  });

  test('a post is repeated after that minute if onUnknownOutcome is resend, and counts as unreachable', () => {
    const { notice, call } = claimed(noticeFor({}));
    const settled = settle(notice, call, lost, at(noon, 'resend'));
    expect(stateOf(settled)).toBe('pending');
    const stepThen = (now: number) => claim(settled, lease, at(now, 'resend')).claimed?.step;
    expect(stepThen(noon + 59_999)).toBeUndefined();
    expect(stepThen(noon + 60_000)).toMatchObject({ kind: 'post' });
    const again = claimed({ ...settled, dueAt: 0, cooldownUntil: 0 }, at(noon, 'resend'));
    const sent = settle(again.notice, again.call, { kind: 'posted', messageId: 'm2' }, at(noon + 1));
    expect(unreachableOf(sent)).toHaveLength(1);
  });
});

describe('a text that is desired again after a post of unknown outcome', () => {
  const doubtful = called(ship(paid), lost);
  const other = ship(doubtful, { text: 'other', at: 1 });
  const again = ship(other, { at: 2 });
  const due = noon + 3_600_000;

  test('is held again, because it may be in the chat', () => {
    expect(stateOf(doubtful)).toBe('unknown');
    expect(stepAt(other, due)).toMatchObject({ kind: 'post', text: 'other' });
    const { notice, claimed: none } = claim(again, lease, at(due));
    expect(none).toBeUndefined();
    expect(stateOf(notice)).toBe('unknown');
    expect(notice.hold).toMatchObject({ kind: 'unknown', at: due });
    expect(notice.log.at(-1)).toEqual({ at: due, what: 'unknown' });
    const found = resolve(notice, 'sent', { now: due, messageId: 'm2' });
    expect(found && stateOf(found)).toBe('settled');
    expect(found && keptIn(found)).toEqual(['m1', 'm2']);
    const missing = resolve(notice, 'resend', { now: due });
    expect(missing && stepAt(missing, due)).toMatchObject({ kind: 'post', text: 'shipped now' });
  });

  test('is held again with the policy replace, and then stays', () => {
    const replaced = ship(other, { at: 2, policy: 'replace' });
    const dropped = { ...replaced, messages: replaced.messages.map((each) => ({ ...each, keep: false })) };
    const { notice } = claim(dropped, lease, at(due));
    expect(notice.messages).toMatchObject([{ keep: false }, { text: 'shipped now', keep: true }]);
  });

  test('is posted again if onUnknownOutcome is resend, or if an operator wrote it', () => {
    expect(claim(again, lease, at(due, 'resend')).claimed?.step).toMatchObject({ kind: 'post' });
    const written = rewrite(other, { text: 'shipped now' }, { now: due, postBy: due + 1 });
    expect(stepAt(written, due)).toMatchObject({ kind: 'post', text: 'shipped now' });
  });

  test('is posted again if another message has followed, or if it is about another status', () => {
    const followed = {
      ...again,
      messages: [...again.messages, { id: 'm3', text: 'x', status: 'paid', keep: true }],
    };
    expect(stepAt(followed, due)).toMatchObject({ kind: 'post', text: 'shipped now' });
    const elsewhere = again.messages.map((each) =>
      each.id === undefined ? { ...each, status: 'paid' } : each,
    );
    expect(stepAt({ ...again, messages: elsewhere }, due)).toMatchObject({ kind: 'post' });
  });
});

describe('after a call without effect', () => {
  test('the pause doubles up to a quarter of an hour, and half of it is random', () => {
    const pauses: number[] = [];
    let notice = noticeFor({});
    for (let attempt = 0; attempt < 8; attempt++) {
      const now = dueAt(notice);
      const { notice: calling, call } = claimed(notice, at(now));
      const failed = { kind: 'no-effect', reason: 'refused connection', isBusy: false } as const;
      notice = settle(calling, call, failed, at(now));
      pauses.push((dueAt(notice) - now) / 1000);
    }
    expect(pauses).toEqual([11.25, 22.5, 45, 90, 180, 360, 675, 675]);
    expect(posted({ ...notice, dueAt: noon }, 'm1')).toMatchObject({ attempts: 0, cooldownUntil: 0 });
    expect(ship(notice)).toMatchObject({ attempts: 0, dueAt: noon });
  });

  test('there is no pause if only the budget is missing', () => {
    const busy = called(noticeFor({}), { kind: 'no-effect', reason: '429', isBusy: true });
    expect(busy).toMatchObject({ attempts: 0, dueAt: noon });
  });
});

describe('a post whose message Brevo showed before the answer', () => {
  const seen = ({ notice, call }: ReturnType<typeof claimed>): Notice => ({
    ...notice,
    call: { ...call, messageId: 'm2' },
  });

  test('is posted, even if the answer is lost', () => {
    const calling = claimed(ship(paid));
    const settled = settle(seen(calling), calling.call, lost, at(noon + 1));
    expect(keptIn(settled)).toEqual(['m1', 'm2']);
    expect(settled.log.at(-1)).toEqual({ at: noon + 1, what: 'posted' });
  });

  test('has the shown one deleted if the answer names another: it comes from an earlier post', () => {
    const answer = { kind: 'posted', messageId: 'm3' } as const;
    const first = settle(claimed(ship(paid)).notice, claimed(ship(paid)).call, lost, at(noon, 'resend'));
    const calling = claimed({ ...first, dueAt: noon, cooldownUntil: 0 }, at(noon, 'resend'));
    const settled = settle(seen(calling), calling.call, answer, at(noon + 1));
    expect(settled.messages).toMatchObject([
      { id: 'm1', keep: true },
      { id: 'm2', text: 'shipped now', keep: false },
      { id: 'm3', text: 'shipped now', keep: true },
    ]);
    const superseded = recordOn(seen(calling), { status: 'delivered' });
    expect(keptIn(settle(superseded, calling.call, answer, at(noon + 1)))).toEqual(['m1', 'm3']);
    const withdrawn = withdraw(seen(calling), noon + 1, noon).notice;
    expect(keptIn(settle(withdrawn, calling.call, answer, at(noon + 1)))).toEqual([]);
  });

  test('leaves the doubts about a post of another text', () => {
    const answer = { kind: 'posted', messageId: 'm3' } as const;
    const doubtful = { ...ship(called(noticeFor({}), lost)), cooldownUntil: 0 };
    const calling = claimed(doubtful);
    const settled = settle(seen(calling), calling.call, answer, at(noon + 1));
    expect(unreachableOf(settled)).toMatchObject([{ text: 'paid now', inDoubt: true }]);
    expect(pendingDeletes(settled)).toEqual(['m2']);
  });
});

describe('the outcome', () => {
  test.each<Outcome>([
    { kind: 'posted', messageId: 'm1' },
    { kind: 'edited' },
    { kind: 'deleted' },
    { kind: 'missing' },
    { kind: 'refused', reason: '400' },
    { kind: 'unknown', reason: 'time-out' },
  ])('$kind is logged', (outcome) => {
    expect(called(noticeFor({}), outcome).log.at(-1)).toEqual({ at: noon + 1, what: outcome.kind });
  });

  test('posted adds the message', () => {
    expect(paid.messages).toEqual([{ id: 'm1', text: 'paid now', status: 'paid', keep: true }]);
    expect(paid.call).toBeUndefined();
  });

  test('posted with the policy append keeps the older message', () => {
    expect(keptIn(posted(ship(paid), 'm2'))).toEqual(['m1', 'm2']);
  });

  test('posted with the policy replace has the older messages deleted, and settles only then', () => {
    const replaced = posted(ship(paid, { policy: 'replace' }), 'm2');
    expect(keptIn(replaced)).toEqual(['m2']);
    expect(pendingDeletes(replaced)).toEqual(['m1']);
    expect(stateOf(replaced)).toBe('pending');
    expect(stateOf(called(replaced, { kind: 'deleted' }))).toBe('settled');
  });

  test('edited changes the text of the newest message, and of no other', () => {
    const both = posted(ship(paid), 'm2');
    const edited = called(recordOn(both, { status: 'delivered', policy: 'edit' }), { kind: 'edited' });
    const message = { id: 'm2', text: 'delivered now', status: 'delivered', keep: true };
    expect(edited.messages).toEqual([...paid.messages, message]);
    expect(stateOf(edited)).toBe('settled');
  });

  test('missing has the text posted again', () => {
    const missing = called(ship(paid, { policy: 'edit' }), { kind: 'missing' });
    expect(missing.messages).toEqual([]);
    expect(nextStep(missing)).toMatchObject({ kind: 'post', text: 'shipped now' });
  });

  test('deleted for an older message leaves the newest unchanged', () => {
    const both = posted(ship(paid, { policy: 'replace' }), 'm2');
    expect(called(both, { kind: 'deleted' }).messages).toEqual(both.messages.slice(1));
  });

  test('refused holds the notice with the reason', () => {
    const refused = called(noticeFor({}), { kind: 'refused', reason: '400 out_of_range' });
    expect(stateOf(refused)).toBe('refused');
    expect(refused.hold).toEqual({
      kind: 'refused',
      at: noon + 1,
      reason: '400 out_of_range',
      step: 'post',
    });
  });

  test('refused does not hold a newer desired state', () => {
    const { notice, call } = claimed(noticeFor({}));
    expect(settle(ship(notice), call, { kind: 'refused', reason: '400' }, at(noon)).hold).toBeUndefined();
  });

  test('no-effect lets the step be repeated', () => {
    expect(
      stateOf(called(noticeFor({}), { kind: 'no-effect', reason: 'refused connection', isBusy: false })),
    ).toBe('pending');
  });

  test('unknown holds the notice after a post, and lets an edit be repeated', () => {
    expect(stateOf(called(noticeFor({}), lost))).toBe('unknown');
    expect(stateOf(called(ship(paid, { policy: 'edit' }), lost))).toBe('pending');
  });

  test('unknown of a superseded post leaves an unreachable message', () => {
    const { notice, call } = claimed(noticeFor({}));
    const settled = settle(ship(notice), call, lost, at(noon + 1));
    expect(unreachableOf(settled)).toMatchObject([{ text: 'paid now', keep: true }]);
    expect(settled.desired).toMatchObject({ status: 'shipped' });
  });

  test('posted after a withdrawal has the message deleted', () => {
    const { notice, call } = claimed(noticeFor({}));
    const withdrawn = withdraw(notice, noon + 1, noon).notice;
    const settled = settle(withdrawn, call, { kind: 'posted', messageId: 'm1' }, at(noon + 1));
    expect(pendingDeletes(settled)).toEqual(['m1']);
    expect(newestOf(settled)).toBeUndefined();
    const again = settle(ship(withdrawn), call, { kind: 'posted', messageId: 'm1' }, at(noon + 1));
    expect(pendingDeletes(again)).toEqual(['m1']);
    expect(nextStep(again)).toMatchObject({ kind: 'post', text: 'shipped now' });
  });

  test('edited after a withdrawal does not bring the message back', () => {
    const { notice, call } = claimed(ship(paid, { policy: 'edit' }));
    const settled = settle(withdraw(notice, noon + 1, noon).notice, call, { kind: 'edited' }, at(noon + 1));
    expect(pendingDeletes(settled)).toEqual(['m1']);
    expect(newestOf(settled)).toBeUndefined();
  });

  test('of a superseded call leaves the newer desired state to be sent', () => {
    const { notice, call } = claimed(noticeFor({}));
    const settled = settle(ship(notice), call, { kind: 'posted', messageId: 'm1' }, at(noon + 1));
    expect(newestOf(settled)).toMatchObject({ id: 'm1', text: 'paid now' });
    expect(nextStep(settled)).toMatchObject({ kind: 'post', text: 'shipped now' });
  });
});
