import { describe, expect, test } from 'vitest';
import { claim, type Outcome, settle } from '../../../lib/notices/lease.ts';
import { blankNotice, type Notice, nextStep, type Step, stateOf } from '../../../lib/notices/notice.ts';
import { overrideMessage, removeMessage, rewrite } from '../../../lib/notices/override.ts';
import { record } from '../../../lib/notices/record.ts';
import { incomingOrder, noon } from '../../support/incoming.ts';

const now = noon + 1000;
const occasion = { now, postBy: noon + 86_400_000 };
const lease = { id: 'mine', until: noon + 60_000 };
const moment = { now, onUnknownOutcome: 'hold', random: () => 0.5 } as const;

const recordOn = (notice: Notice, given: Parameters<typeof incomingOrder>[0] = {}): Notice =>
  record(notice, incomingOrder(given), noon).notice;

const claimed = (notice: Notice): { notice: Notice; step: Step } => {
  const { notice: held, step } = claim(notice, lease, moment);
  if (step === undefined) throw new Error('nothing to claim');
  return { notice: held, step };
};

const settled = (notice: Notice, held: { notice: Notice; step: Step }, outcome: Outcome): Notice => {
  const after = settle(notice, held, outcome, moment);
  if (after === undefined) throw new Error('the lease was lost');
  return after;
};

const posted = (notice: Notice, messageId: string): Notice => {
  const held = claimed(notice);
  return settled(held.notice, held, { kind: 'posted', messageId });
};

const paid = posted(recordOn(blankNotice('order:1001')), 'm1');
const shipped = posted(recordOn(paid, { status: 'shipped' }), 'm2');

const remove = (notice: Notice, messageId: string) => removeMessage(notice, messageId, now);
const edit = (notice: Notice, messageId: string) => overrideMessage(notice, messageId, 'by hand', occasion);

describe('a new text for a message', () => {
  test('changes the desired state if it is the newest message, with the same sender', () => {
    const named = posted(recordOn(blankNotice('order:1001'), { agentId: 'a' }), 'm1');
    const changed = edit(named, 'm1');
    expect(changed?.desired).toMatchObject({ text: 'by hand', agentId: 'a', status: 'paid' });
    expect(changed && nextStep(changed)).toEqual({ kind: 'edit', messageId: 'm1', text: 'by hand' });
  });

  test('does not change the notice if it is an older or unknown message', () => {
    expect(edit(shipped, 'm1')).toBeUndefined();
    expect(edit(shipped, 'm9')).toBeUndefined();
  });

  test('does not change the notice if another message waits or is being posted', () => {
    const waiting = recordOn(paid, { status: 'shipped' });
    expect(edit(waiting, 'm1')).toBeUndefined();
    expect(edit(claimed(waiting).notice, 'm1')).toBeUndefined();
    const back = recordOn(claimed(waiting).notice, { text: 'back', at: 5, reopens: true });
    expect(back.desired?.status).toBe('paid');
    expect(edit(back, 'm1')).toBeUndefined();
  });

  test('overrides a waiting edit, and follows an edit in progress', () => {
    const waiting = recordOn(paid, { status: 'shipped', policy: 'edit' });
    expect(edit(waiting, 'm1')?.desired?.text).toBe('by hand');
    const held = claimed(waiting);
    const changed = edit(held.notice, 'm1');
    if (changed === undefined) throw new Error('refused');
    expect(nextStep(settled(changed, held, { kind: 'edited' }))).toMatchObject({
      kind: 'edit',
      text: 'by hand',
    });
  });
});

describe('the deletion of a message', () => {
  test('leaves the older messages, and nothing of its status is sent again', () => {
    const removed = remove(shipped, 'm2');
    expect(removed).toMatchObject({ messages: ['m1'], pendingDeletes: ['m2'] });
    expect(nextStep(removed)).toEqual({ kind: 'delete', messageId: 'm2' });
    const again = incomingOrder({ status: 'shipped', text: 'new link', at: 5 });
    expect(record(removed, again, noon).result).toBe('outdated');
    const delivered = recordOn(removed, { status: 'delivered' });
    expect(nextStep(delivered)).toMatchObject({ kind: 'post', text: 'delivered now' });
  });

  test('affects only that message if it is an older one', () => {
    const removed = remove(shipped, 'm1');
    expect(removed).toMatchObject({ messages: ['m2'], pendingDeletes: ['m1'], desired: shipped.desired });
    expect(removed.observed).toEqual(shipped.observed);
  });

  test('can be requested twice with the effect of once', () => {
    const removed = remove(shipped, 'm2');
    expect(remove(removed, 'm2')).toBe(removed);
  });

  test('does not stop a waiting status', () => {
    for (const policy of ['append', 'edit', 'replace'] as const) {
      const removed = remove(recordOn(paid, { status: 'shipped', policy }), 'm1');
      expect(removed).toMatchObject({ messages: [], pendingDeletes: ['m1'] });
      expect(nextStep(removed)).toMatchObject({ kind: 'post', text: 'shipped now' });
    }
  });

  test('does not send its text again for another status with the same text', () => {
    const same = recordOn(paid, { status: 'shipped', text: 'paid now', agentId: 'other' });
    expect(nextStep(remove(same, 'm1'))).toEqual({ kind: 'delete', messageId: 'm1' });
  });

  test('proceeds while an operator’s decision is pending', () => {
    const waiting = recordOn(paid, { status: 'shipped' });
    const unknown: Notice = { ...waiting, unknown: { revision: 2, at: noon, reason: 'time-out' } };
    const refused: Notice = { ...waiting, refusal: { at: noon, reason: '400', step: 'post' } };
    for (const held of [unknown, refused]) {
      const before = stateOf(held);
      const removed = remove(held, 'm1');
      expect(stateOf(removed)).toBe('pending');
      const deleting = claimed(removed);
      expect(deleting.step).toEqual({ kind: 'delete', messageId: 'm1' });
      expect(stateOf(settled(deleting.notice, deleting, { kind: 'deleted' }))).toBe(before);
    }
  });

  test('is retried after a refusal only if it is requested again', () => {
    const removing = claimed(remove(shipped, 'm1'));
    const refused = settled(removing.notice, removing, { kind: 'refused', reason: '400' });
    expect(stateOf(refused)).toBe('refused');
    expect(nextStep(refused)).toBeUndefined();
    expect(stateOf(remove(refused, 'm2'))).toBe('pending');
  });
});

describe('a deletion during a call', () => {
  test('that edits the message follows immediately', () => {
    const held = claimed(recordOn(shipped, { status: 'shipped', text: 'new link', at: 5 }));
    expect(held.step.kind).toBe('edit');
    const after = settled(remove(held.notice, 'm2'), held, { kind: 'edited' });
    expect(after.observed).toBeUndefined();
    expect(after).toMatchObject({ messages: ['m1'], pendingDeletes: ['m2'] });
    expect(nextStep(after)).toEqual({ kind: 'delete', messageId: 'm2' });
  });

  test('that finds the message missing leaves nothing to do', () => {
    const held = claimed(recordOn(shipped, { status: 'shipped', text: 'new link', at: 5 }));
    const after = settled(remove(held.notice, 'm2'), held, { kind: 'missing' });
    expect(stateOf(after)).toBe('settled');
    expect(after).toMatchObject({ messages: ['m1'], pendingDeletes: [] });
  });

  test('that posts another message keeps that message', () => {
    const held = claimed(recordOn(paid, { status: 'shipped' }));
    const after = settled(remove(held.notice, 'm1'), held, { kind: 'posted', messageId: 'm2' });
    expect(after).toMatchObject({
      messages: ['m2'],
      pendingDeletes: ['m1'],
      observed: { text: 'shipped now' },
    });
  });

  test('that posts another message still sends a newer status with the text of the deleted message', () => {
    const held = claimed(recordOn(paid, { status: 'shipped' }));
    const back = recordOn(held.notice, { status: 'delivered', text: 'paid now' });
    const after = settled(remove(back, 'm1'), held, { kind: 'posted', messageId: 'm2' });
    expect(after).toMatchObject({ messages: ['m2'], pendingDeletes: ['m1'] });
    expect(nextStep(after)).toMatchObject({ kind: 'post', text: 'paid now' });
  });

  test('whose worker stopped does not mistake an edit for a post', () => {
    const held = claimed(recordOn(paid, { status: 'shipped', policy: 'edit' }));
    const found = claim(
      remove(held.notice, 'm1'),
      { id: 'other', until: noon + 180_000 },
      { ...moment, now: noon + 90_000 },
    );
    expect(found.notice.unknown).toBeUndefined();
    expect(found.step).toMatchObject({ kind: 'post', text: 'shipped now' });
  });
});

describe('a deletion of a message whose post is not settled', () => {
  const held = claimed(recordOn(paid, { status: 'shipped' }));
  const removed = remove(held.notice, 'm2');
  const post = { kind: 'posted', messageId: 'm2' } as const;

  test('is carried out, and nothing of its status is sent again', () => {
    const after = settled(removed, held, post);
    expect(after).toMatchObject({ messages: ['m1'], pendingDeletes: ['m2'] });
    expect(after.observed).toBeUndefined();
    expect(nextStep(after)).toEqual({ kind: 'delete', messageId: 'm2' });
  });

  test('overrides a newer event of its status', () => {
    const after = settled(recordOn(removed, { status: 'shipped', text: 'new link', at: 5 }), held, post);
    expect(nextStep(after)).toEqual({ kind: 'delete', messageId: 'm2' });
  });

  test('does not override a later status or a newer text by an operator', () => {
    const delivered = settled(recordOn(removed, { status: 'delivered' }), held, post);
    expect(nextStep(delivered)).toMatchObject({ kind: 'post', text: 'delivered now' });
    for (const text of ['by hand', 'shipped now']) {
      const again = settled(rewrite(removed, { text }, occasion), held, post);
      expect(again).toMatchObject({ messages: ['m1'], pendingDeletes: ['m2'] });
      expect(nextStep(again)).toMatchObject({ kind: 'post', text });
    }
  });
});
