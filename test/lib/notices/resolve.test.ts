import { describe, expect, test } from 'vitest';
import { blankNotice, type Notice, nextStep, stateOf } from '../../../lib/notices/notice.ts';
import { resolve } from '../../../lib/notices/override.ts';
import { record } from '../../../lib/notices/record.ts';
import { incomingOrder, noon } from '../../support/incoming.ts';

const paid = record(blankNotice('order:1001'), incomingOrder(), noon).notice;
const unknown: Notice = { ...paid, unknown: { revision: 1, at: noon, reason: 'time-out' }, attempts: 3 };
const failed: Notice = { ...paid, refusal: { at: noon, reason: '400' }, attempts: 3 };
const now = noon + 60_000;

describe('an operator answers for a post of unknown outcome', () => {
  test('that it was sent: it is told, and out of reach', () => {
    const sent = resolve(unknown, 'sent', { now });
    if (sent === undefined) throw new Error('not resolved');
    expect(stateOf(sent)).toBe('settled');
    expect(sent).toMatchObject({ messages: [], orphans: [{ revision: 1, at: noon }] });
    const changed = record(sent, incomingOrder({ text: 'new link', at: 1 }), now).notice;
    expect(nextStep(changed)).toMatchObject({ kind: 'post', text: 'new link' });
  });

  test('that it was sent, and which message it is: it can be edited', () => {
    const sent = resolve(unknown, 'sent', { now, messageId: 'm1' });
    if (sent === undefined) throw new Error('not resolved');
    expect(sent).toMatchObject({ messages: ['m1'], orphans: [] });
    const changed = record(sent, incomingOrder({ text: 'new link', at: 1 }), now).notice;
    expect(nextStep(changed)).toEqual({ kind: 'edit', messageId: 'm1', text: 'new link' });
  });

  test('that it is to be sent again', () => {
    const again = resolve(unknown, 'resend', { now });
    expect(again).toMatchObject({ dueAt: now, attempts: 0 });
    expect(again && nextStep(again)).toMatchObject({ kind: 'post' });
  });

  test('that it is to be dropped: a later status is told all the same', () => {
    const dropped = resolve(unknown, 'drop', { now });
    if (dropped === undefined) throw new Error('not resolved');
    expect(stateOf(dropped)).toBe('expired');
    const shipped = record(dropped, incomingOrder({ status: 'shipped' }), now).notice;
    expect(nextStep(shipped)).toMatchObject({ text: 'shipped now' });
  });
});

test('an operator has Brevo asked again for what it refused', () => {
  const again = resolve(failed, 'retry', { now });
  expect(again).toMatchObject({ dueAt: now, attempts: 0 });
  expect(again && stateOf(again)).toBe('pending');
});

test('there is no answer where nothing is asked', () => {
  for (const answer of ['sent', 'resend', 'drop'] as const)
    expect(resolve(failed, answer, { now })).toBeUndefined();
  expect(resolve(unknown, 'retry', { now })).toBeUndefined();
  expect(resolve(paid, 'sent', { now })).toBeUndefined();
});
