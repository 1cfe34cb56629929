import { describe, expect, test } from 'vitest';
import { claim, type Outcome, settle } from '../../../lib/notices/lease.ts';
import {
  blankNotice,
  type Notice,
  newestOf,
  nextStep,
  pendingDeletes,
  stateOf,
} from '../../../lib/notices/notice.ts';
import { overrideMessage, removeMessage, rewrite } from '../../../lib/notices/override.ts';
import { record, withdraw } from '../../../lib/notices/record.ts';
import {
  type Calling,
  called,
  claimed,
  incomingOrder,
  keptIn,
  momentAt,
  noon,
  posted,
  recordOn,
} from '../../support/incoming.ts';

const now = noon + 1000;
const occasion = { now, postBy: noon + 86_400_000 };

const settled = (notice: Notice, { call }: Calling, outcome: Outcome): Notice =>
  settle(notice, call, outcome, momentAt(now));

/** Whether the message `gone` is to be deleted, and the others stay. */
const expectRemoved = (notice: Notice, gone: string, ...others: string[]): void => {
  expect(keptIn(notice)).toEqual(others);
  expect(pendingDeletes(notice)).toEqual([gone]);
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
    const editing = recordOn(claimed(waiting).notice, { status: 'delivered', policy: 'edit' });
    expect(edit(editing, 'm1')).toBeUndefined();
    expect(edit(recordOn(blankNotice('order:1001')), 'm1')).toBeUndefined();
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
    expectRemoved(removed, 'm2', 'm1');
    expect(nextStep(removed)).toEqual({ kind: 'delete', messageId: 'm2' });
    const again = incomingOrder({ status: 'shipped', text: 'new link', at: 5 });
    expect(record(removed, again, noon).result).toBe('outdated');
    const delivered = recordOn(removed, { status: 'delivered' });
    expect(nextStep(delivered)).toMatchObject({ kind: 'post', text: 'delivered now' });
    expect(removed.log.at(-1)).toEqual({ at: now, what: 'removed' });
    expect(pendingDeletes(withdraw(removed, now + 1, now).notice)).toEqual(['m1', 'm2']);
  });

  test('affects only that message if it is an older one', () => {
    const removed = remove(shipped, 'm1');
    expectRemoved(removed, 'm1', 'm2');
    expect(removed.desired).toEqual(shipped.desired);
    expect(newestOf(removed)).toEqual(newestOf(shipped));
    expect(removed.log.at(-1)).toEqual({ at: now, what: 'removed' });
  });

  test('may be of a message that the notice does not know, and affects no other', () => {
    const removed = remove(shipped, 'm9');
    const unknown = { id: 'm9', text: '', status: '', keep: false };
    expect(removed.messages).toEqual([...shipped.messages, unknown]);
    expect(removed.desired).toEqual(shipped.desired);
    const editing = claimed(recordOn(shipped, { status: 'shipped', text: 'new link', at: 5 }));
    expect(remove(editing.notice, 'm9').call).toEqual(editing.call);
  });

  test('can be requested twice with the effect of once', () => {
    for (const id of ['m1', 'm2']) {
      const removed = remove(shipped, id);
      expect(remove(removed, id)).toBe(removed);
    }
  });

  test('does not stop a waiting status', () => {
    for (const policy of ['append', 'edit', 'replace'] as const) {
      const removed = remove(recordOn(paid, { status: 'shipped', policy }), 'm1');
      expectRemoved(removed, 'm1');
      expect(nextStep(removed)).toMatchObject({ kind: 'post', text: 'shipped now' });
    }
  });

  test('does not send its text again for another status with the same text', () => {
    const same = recordOn(paid, { status: 'shipped', text: 'paid now', agentId: 'other' });
    expect(nextStep(remove(same, 'm1'))).toEqual({ kind: 'delete', messageId: 'm1' });
  });

  test('proceeds while an operator’s decision is pending', () => {
    const waiting = recordOn(paid, { status: 'shipped' });
    for (const kind of ['unknown', 'refused'] as const) {
      const held: Notice = { ...waiting, hold: { kind, at: noon, reason: '?' } };
      const removed = remove(held, 'm1');
      expect(stateOf(removed)).toBe('pending');
      expect(nextStep(removed)).toEqual({ kind: 'delete', messageId: 'm1' });
      expect(stateOf(called({ ...removed, dueAt: noon }, { kind: 'deleted' }))).toBe(kind);
    }
  });

  test('is retried after a refusal only if it is requested again', () => {
    const refused = called({ ...remove(shipped, 'm1'), dueAt: noon }, { kind: 'refused', reason: '400' });
    expect(stateOf(refused)).toBe('refused');
    expect(nextStep(refused)).toBeUndefined();
    const again = remove(refused, 'm1');
    expect(nextStep(again)).toEqual({ kind: 'delete', messageId: 'm1' });
    expect(again.dueAt).toBe(now);
    expect(again.log.at(-1)).toEqual({ at: now, what: 'retry' });
    expect(stateOf(remove(refused, 'm2'))).toBe('pending');
  });
});

describe('a deletion during a call', () => {
  test('that edits the message follows immediately', () => {
    const held = claimed(recordOn(shipped, { status: 'shipped', text: 'new link', at: 5 }));
    expect(held.step.kind).toBe('edit');
    const after = settled(remove(held.notice, 'm2'), held, { kind: 'edited' });
    expectRemoved(after, 'm2', 'm1');
    expect(nextStep(after)).toEqual({ kind: 'delete', messageId: 'm2' });
  });

  test('that finds the message missing leaves nothing to do', () => {
    const held = claimed(recordOn(shipped, { status: 'shipped', text: 'new link', at: 5 }));
    const after = settled(remove(held.notice, 'm2'), held, { kind: 'missing' });
    expect(stateOf(after)).toBe('settled');
    expect(after.messages).toEqual(paid.messages);
  });

  test('that posts another message keeps that message', () => {
    const held = claimed(recordOn(paid, { status: 'shipped' }));
    const after = settled(remove(held.notice, 'm1'), held, { kind: 'posted', messageId: 'm2' });
    expectRemoved(after, 'm1', 'm2');
    expect(newestOf(after)).toMatchObject({ text: 'shipped now' });
  });

  test('that posts another message still sends a newer status with the text of the deleted message', () => {
    const held = claimed(recordOn(paid, { status: 'shipped' }));
    const back = recordOn(held.notice, { status: 'delivered', text: 'paid now' });
    const after = settled(remove(back, 'm1'), held, { kind: 'posted', messageId: 'm2' });
    expectRemoved(after, 'm1', 'm2');
    expect(nextStep(after)).toMatchObject({ kind: 'post', text: 'paid now' });
  });

  test('whose worker stopped does not mistake an edit for a post', () => {
    const held = claimed(recordOn(paid, { status: 'shipped', policy: 'edit' }));
    const found = claim(
      remove(held.notice, 'm1'),
      { id: 'other', until: noon + 240_000 },
      momentAt(noon + 150_000),
    );
    expect(found.notice.hold).toBeUndefined();
    expect(found.claimed?.step).toMatchObject({ kind: 'post', text: 'shipped now' });
  });
});

describe('a deletion of a message whose post is not settled', () => {
  const held = claimed(recordOn(paid, { status: 'shipped' }));
  const removed = () => remove(held.notice, 'm2');
  const post = { kind: 'posted', messageId: 'm2' } as const;

  test('is carried out, and nothing of its status is sent again', () => {
    expect(removed().call).toEqual({ ...held.call, messageId: 'm2', keep: false });
    const after = settled(removed(), held, post);
    expectRemoved(after, 'm2', 'm1');
    expect(nextStep(after)).toEqual({ kind: 'delete', messageId: 'm2' });
  });

  test('is carried out too if the answer to the post was lost, before or after', () => {
    const lost = { kind: 'unknown', reason: 'time-out' } as const;
    expectRemoved(settled(removed(), held, lost), 'm2', 'm1');
    for (const after of [settled(removed(), held, lost), remove(settled(held.notice, held, lost), 'm2')])
      expect(nextStep(after)).toEqual({ kind: 'delete', messageId: 'm2' });
  });

  test('deletes no other message that is being posted after its worker lost the lease', () => {
    const other = { id: 'other', until: noon + 300_000 };
    const resending = claim(held.notice, other, momentAt(noon + 200_000, 'resend')).notice;
    const again = claim(resending, other, momentAt(noon + 300_000, 'resend'));
    if (again.claimed === undefined) throw new Error('nothing to claim');
    const call = { kind: 'posted', messageId: 'm3' } as const;
    const after = settle(remove(again.notice, 'm2'), again.claimed.call, call, momentAt(now));
    expect(pendingDeletes(settled(after, held, post))).toContain('m2');
  });

  test.each([
    ['a newer text of its status', { status: 'shipped', text: 'new link', at: 5 }, undefined],
    ['its text for a later status', { status: 'delivered', text: 'shipped now', agentId: 'b' }, undefined],
    ['a later status', { status: 'delivered' }, 'delivered now'],
  ] as const)('leaves the right text if %s is already desired', (_what, given, text) => {
    expect(remove(recordOn(held.notice, given), 'm2').desired?.text).toBe(text);
  });

  test('leaves a text that an operator has set since', () => {
    const rewritten = rewrite(held.notice, { text: 'by hand' }, occasion);
    expect(remove(rewritten, 'm2').desired?.text).toBe('by hand');
  });

  test('overrides a newer event of its status', () => {
    const after = settled(recordOn(removed(), { status: 'shipped', text: 'new link', at: 5 }), held, post);
    expect(nextStep(after)).toEqual({ kind: 'delete', messageId: 'm2' });
  });

  test('does not override a later status or a newer text by an operator', () => {
    const delivered = settled(recordOn(removed(), { status: 'delivered' }), held, post);
    expect(nextStep(delivered)).toMatchObject({ kind: 'post', text: 'delivered now' });
    for (const text of ['by hand', 'shipped now']) {
      const again = settled(rewrite(removed(), { text }, occasion), held, post);
      expectRemoved(again, 'm2', 'm1');
      expect(nextStep(again)).toMatchObject({ kind: 'post', text });
    }
  });
});
