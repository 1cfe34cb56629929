import { expect, test } from 'vitest';
import type { LoggedRequest } from '../../../../tools/simulation/brevo-wire.ts';
import { backlogOf, budgetUsed } from '../../../../tools/simulation/oracle/backlog.ts';
import type { SubjectInChat } from '../../../../tools/simulation/oracle/chats.ts';

/** Desired states of one subject, by when each came in and when it was seen. */
const chat = (...states: { arrivedAt: number; seenAt?: number }[]): SubjectInChat => {
  const all = states.map(({ arrivedAt }, index) => ({
    reference: 'order:1',
    visitorId: 'v',
    text: `state ${index}`,
    standsAlone: false,
    place: [0, index, 0] as const,
    at: arrivedAt,
    lastAt: arrivedAt,
    arrivedAt,
  }));
  const [first] = all;
  if (first === undefined) throw new Error('no states');
  return {
    subject: { reference: 'order:1', visitorId: 'v', states: all, final: all.at(-1) ?? first },
    sights: states.flatMap(({ seenAt }, index) =>
      seenAt === undefined ? [] : [{ at: seenAt, messageId: 'm', text: `state ${index}`, index }],
    ),
    standing: [],
  };
};

test('there is a backlog for as long as anything waits to be seen that nothing newer has superseded', () => {
  const waiting = chat({ arrivedAt: 10, seenAt: 30 });
  const superseded = chat({ arrivedAt: 20 }, { arrivedAt: 50, seenAt: 60 });
  const apart = chat({ arrivedAt: 100, seenAt: 110 });
  expect(backlogOf([waiting, superseded, apart], 1_000)).toEqual([
    [10, 60],
    [100, 110],
  ]);
  expect(backlogOf([chat({ arrivedAt: 10 })], 1_000)).toEqual([[10, 1_000]]);
});

const at = (time: number, changed: LoggedRequest['changed'] = 'created'): LoggedRequest => ({
  time,
  method: 'POST',
  path: '',
  status: 200,
  changed,
  target: null,
  fault: null,
});

const use = { limitAt: () => 10, windowMs: 600, reservedFrom: () => 0 };

test('what was sent counts, and what is kept for HTTP and for pings not yet sent', () => {
  const five = [0, 100, 200, 300, 400].map((time) => at(time));
  // One of ten is kept for HTTP.
  expect(budgetUsed([[0, 600]], { ...use, requests: five })).toBe(0.6);
  expect(budgetUsed([[0, 600]], { ...use, requests: five, reservedFrom: () => 3 })).toBeCloseTo(0.9);
  expect(
    budgetUsed([[0, 600]], { ...use, requests: [...five, at(500, 'pinged')], reservedFrom: () => 3 }),
  ).toBeCloseTo(0.9);
});

test('only whole windows count; without any, nothing lay idle', () => {
  expect(budgetUsed([[0, 599]], { ...use, requests: [] })).toBe(1);
  expect(budgetUsed([[0, 600]], { ...use, requests: [] })).toBe(0.1);
});
