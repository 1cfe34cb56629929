import { expect, test } from 'vitest';
import type { Message } from '../../../tools/brevo/state.ts';
import type { Api, ApiReply } from '../../../tools/simulation/api.ts';
import { createClock } from '../../../tools/simulation/clock.ts';
import { createDesk } from '../../../tools/simulation/desk.ts';

const notice = { reference: 'order:1', state: 'settled', visitorId: 'v', status: 'paid' };

type Sent = [operation: string, request: Parameters<Api>[1]];

/** A desk whose API answers in turn as given, and then always 404. */
const deskWith = (answer: (operation: string, request: Parameters<Api>[1], call: number) => ApiReply) => {
  const clock = createClock(0);
  const sent: Sent[] = [];
  const shown: Message[] = [];
  const api: Api = async (operation, request) => {
    sent.push([operation, request]);
    return answer(operation, request, sent.length);
  };
  return { clock, sent, shown, desk: createDesk({ clock, random: () => 0.4, api, messages: () => shown }) };
};

const nothingHeld: ApiReply = { status: 200, body: { notices: [] } };

test('an edit without an answer is repeated with another text; what became of the first stays open', async () => {
  const { clock, desk } = deskWith((operation, { body }, call) => {
    if (operation === 'list-notices') return nothingHeld;
    return call === 1 ? { status: 503, body: undefined } : { status: 200, body: { ...notice, ...body } };
  });
  desk.open([{ kind: 'edit', at: 1_000, reference: 'order:1', visitorId: 'v' }]);
  await clock.runUntil(600_000);
  const { stated, tentative, undecided } = desk.outcome;
  expect(tentative.map(({ text }) => text)).toEqual(['order:1 as edited (1)', 'order:1 as edited (2)']);
  expect(stated.flatMap(({ expected }) => expected)).toMatchObject([{ text: 'order:1 as edited (2)' }]);
  expect(undecided.size).toBe(0);
});

test('an edit that something newer superseded at once states nothing', async () => {
  const { clock, desk } = deskWith((operation) =>
    operation === 'list-notices' ? nothingHeld : { status: 200, body: { ...notice, text: 'newer' } },
  );
  desk.open([{ kind: 'edit', at: 1_000, reference: 'order:1', visitorId: 'v' }]);
  await clock.runUntil(600_000);
  expect(desk.outcome.stated).toEqual([]);
});

test('an erasure is over when the API knows of none any more', async () => {
  const { clock, desk } = deskWith((operation, _, call) => {
    if (operation === 'list-notices') return nothingHeld;
    return call < 3 ? { status: 202, body: { unreachable: 1 } } : { status: 404, body: {} };
  });
  desk.open([{ kind: 'erase', at: 1_000, reference: '', visitorId: 'v' }]);
  await clock.runUntil(400_000);
  expect(desk.isBusy()).toBe(true);
  await clock.runUntil(3_600_000);
  expect(desk.isBusy()).toBe(false);
  expect(desk.outcome.erasures).toMatchObject([{ visitorId: 'v', requestedAt: 1_000, unreachable: 1 }]);
});

test('a held notice is answered for by what the chat shows, when nothing can be under way any more', async () => {
  const held = { ...notice, state: 'unknown', text: 'paid' };
  const { clock, desk, sent, shown } = deskWith((operation) =>
    operation === 'list-notices' ? { status: 200, body: { notices: [held] } } : { status: 200, body: held },
  );
  const history = [{ at: 0, text: 'paid' }];
  const kind = 'pushed' as const;
  const by = { agentId: null, receivedFrom: null };
  shown.push({ id: 'm', visitorId: 'v', kind, text: 'paid', createdAt: 0, ...by, history, deletedAt: null });
  desk.open([]);
  const answers = () => sent.filter(([operation]) => operation === 'resolve-notice');
  await clock.runUntil(45 * 60_000);
  expect(answers()).toEqual([]);
  await clock.runUntil(65 * 60_000);
  expect(answers()).toEqual([
    ['resolve-notice', { path: { reference: 'order:1/resolve' }, body: { action: 'sent', messageId: 'm' } }],
  ]);
  expect(desk.outcome.heldSince.has('order:1')).toBe(true);
});
