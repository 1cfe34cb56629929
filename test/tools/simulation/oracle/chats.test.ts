import { expect, test } from 'vitest';
import type { Message } from '../../../../tools/brevo/state.ts';
import type { WorldEvent } from '../../../../tools/simulation/event.ts';
import {
  countDuplicates,
  countRegressions,
  countStale,
  isRight,
  readChats,
  seenAt,
  subjectsOf,
} from '../../../../tools/simulation/oracle/chats.ts';

/** Events of one order, each with a text: later ones have the higher rank, unless said otherwise. */
const events = (...given: { text?: string; rank?: number; standsAlone?: boolean }[]): WorldEvent[] =>
  given.map(({ text, rank, standsAlone = false }, index) => ({
    id: `event-${index}`,
    at: index * 1_000,
    source: 'shop.orders',
    type: 'order.status_changed',
    data: {},
    expected: [{ reference: 'order:1', visitorId: 'v', text, standsAlone, place: [0, rank ?? index, index] }],
  }));

/** A message by the texts it had; each at the given second. */
const message = (
  id: string,
  history: [second: number, text: string][],
  deletedAt: number | null = null,
): Message => ({
  id,
  visitorId: 'v',
  kind: 'pushed',
  text: history.at(-1)?.[1] ?? '',
  createdAt: (history[0]?.[0] ?? 0) * 1_000,
  agentId: null,
  receivedFrom: null,
  history: history.map(([second, text]) => ({ at: second * 1_000, text })),
  deletedAt,
});

/** The first text, then another, then the first again. */
const cameBack = events({ text: 'paid' }, { text: 'mistaken' }, { text: 'paid' });

const chatOf = (wanted: WorldEvent[], ...messages: Message[]) => {
  const [chat] = readChats(subjectsOf(wanted, new Map()), messages);
  if (chat === undefined) throw new Error('nobody wants anything');
  return chat;
};

const paidThenShipped = events({ text: 'paid' }, { text: 'shipped' });

test('a chat is right when its newest message says what was last to be said', () => {
  const paid = message('a', [[1, 'paid']]);
  expect(isRight(chatOf(paidThenShipped, paid))).toBe(false);
  expect(isRight(chatOf(paidThenShipped, paid, message('b', [[2, 'shipped']])))).toBe(true);
  expect(
    isRight(
      chatOf(
        paidThenShipped,
        message('a', [
          [1, 'paid'],
          [2, 'shipped'],
        ]),
      ),
    ),
  ).toBe(true);
  expect(isRight(chatOf(paidThenShipped, message('b', [[1, 'shipped']]), message('a', [[2, 'paid']])))).toBe(
    false,
  );
  expect(isRight(chatOf(paidThenShipped, message('b', [[2, 'shipped']], 3_000)))).toBe(false);
});

test('what was to stand alone, or to go, is right only without the messages before it', () => {
  const paid = message('a', [[1, 'paid']]);
  const shipped = message('b', [[2, 'shipped']]);
  const alone = events({ text: 'paid' }, { text: 'shipped', standsAlone: true });
  expect(isRight(chatOf(alone, paid, shipped))).toBe(false);
  expect(isRight(chatOf(alone, paid, shipped), ['paid'])).toBe(true);
  expect(isRight(chatOf(alone, shipped, message('c', [[3, 'paid']])), ['paid'])).toBe(true);
  const withdrawn = events({ text: 'paid' }, { standsAlone: true });
  expect(isRight(chatOf(withdrawn, paid))).toBe(false);
  expect(isRight(chatOf(withdrawn, message('a', [[1, 'paid']], 2_000)))).toBe(true);
});

test('of several events the one with the highest place counts, not the one that came last', () => {
  const late = events({ text: 'shipped', rank: 5 }, { text: 'paid', rank: 3 });
  expect(isRight(chatOf(late, message('a', [[1, 'shipped']])))).toBe(true);
});

test('a text that two messages have shown is a duplicate, whether posted twice or edited', () => {
  const once = message('a', [[1, 'paid']]);
  expect(countDuplicates(chatOf(paidThenShipped, once))).toBe(0);
  expect(countDuplicates(chatOf(paidThenShipped, once, message('b', [[2, 'paid']], 3_000)))).toBe(1);
  expect(
    countDuplicates(
      chatOf(
        paidThenShipped,
        message('a', [
          [1, 'paid'],
          [3, 'shipped'],
        ]),
        message('b', [[2, 'shipped']]),
      ),
    ),
  ).toBe(1);
});

test('an older text that comes into sight after a newer one is a regression', () => {
  expect(
    countRegressions(
      chatOf(
        paidThenShipped,
        message('a', [
          [1, 'paid'],
          [2, 'shipped'],
        ]),
      ),
    ),
  ).toBe(0);
  expect(
    countRegressions(
      chatOf(
        paidThenShipped,
        message('a', [
          [1, 'paid'],
          [2, 'shipped'],
          [3, 'paid'],
        ]),
      ),
    ),
  ).toBe(1);
  expect(
    countRegressions(chatOf(paidThenShipped, message('b', [[1, 'shipped']]), message('a', [[2, 'paid']]))),
  ).toBe(1);
});

test('a text that came back may be shown again after the one between', () => {
  const edited = message('a', [
    [1, 'paid'],
    [2, 'mistaken'],
    [3, 'paid'],
  ]);
  const chat = chatOf(cameBack, edited);
  expect(countRegressions(chat)).toBe(0);
  expect(countDuplicates(chat)).toBe(0);
  expect(isRight(chat)).toBe(true);
  const still = chatOf(
    cameBack,
    message('a', [
      [1, 'paid'],
      [3, 'mistaken'],
    ]),
  );
  expect(isRight(still)).toBe(false);
  const twice = message('a', [
    [1, 'paid'],
    [2, 'mistaken'],
    [3, 'paid'],
    [4, 'mistaken'],
  ]);
  expect(countRegressions(chatOf(cameBack, twice))).toBe(1);
});

test('a text that came back beside a message of unknown outcome is no duplicate', () => {
  const chat = chatOf(
    cameBack,
    message('a', [[1, 'paid']]),
    message('b', [
      [2, 'mistaken'],
      [3, 'paid'],
    ]),
  );
  expect(countDuplicates(chat)).toBe(1);
  expect(countDuplicates(chat, ['paid'])).toBe(0);
});

test('a text that came back while it still stood was seen at once', () => {
  const chat = chatOf(cameBack, message('a', [[1, 'paid']]));
  const [first, between, last] = chat.subject.states;
  if (first === undefined || between === undefined || last === undefined) throw new Error('no states');
  expect([first, between, last].map((state) => seenAt(chat, state))).toEqual([1_000, undefined, 2_000]);
});

test('a text of which nobody knows whether it was asked for may stand, and proves nothing', () => {
  const edited = message('a', [
    [1, 'paid'],
    [2, 'maybe'],
  ]);
  const maybe = { reference: 'order:1', visitorId: 'v', text: 'maybe' };
  const [chat] = readChats(subjectsOf(paidThenShipped, new Map()), [edited], [maybe]);
  expect(chat?.sights.map(({ text }) => text)).toEqual(['paid']);
  expect(chat?.standing.map(({ text }) => text)).toEqual(['maybe']);
});

test('a text that nobody asked for, or that is another visitor’s, is an error', () => {
  expect(() => chatOf(paidThenShipped, message('a', [[1, 'refunded']]))).toThrow('nobody asked');
  expect(() => chatOf(paidThenShipped, { ...message('a', [[1, 'paid']]), visitorId: 'w' })).toThrow(
    'nobody asked',
  );
});

test('a message is stale when its event was too old as it was sent; an edit never is', () => {
  const wanted = events({ text: 'paid' }, { text: 'shipped' });
  const hourMs = 3_600_000;
  expect(countStale(chatOf(wanted, message('a', [[3_500, 'paid']])), hourMs)).toBe(0);
  expect(countStale(chatOf(wanted, message('a', [[3_700, 'paid']])), hourMs)).toBe(1);
  const edited = message('a', [
    [10, 'paid'],
    [9_000, 'shipped'],
  ]);
  expect(countStale(chatOf(wanted, edited), hourMs)).toBe(0);
  const savedAgain = events({ text: 'paid' }, ...Array.from({ length: 300 }, () => ({ text: 'paid' })));
  expect(countStale(chatOf(savedAgain, message('a', [[3_900, 'paid']])), hourMs)).toBe(0);
});
