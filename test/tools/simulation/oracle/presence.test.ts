import { expect, test } from 'vitest';
import type { Call, LoggedRequest } from '../../../../tools/simulation/brevo-wire.ts';
import { countPingGaps } from '../../../../tools/simulation/oracle/presence.ts';

const path = '/v3/conversations/agentOnlinePing';
const day = Date.UTC(2026, 1, 2);
const minute = 60_000;
const eight = day + 8 * 60 * minute;

/** Pings of an agent who is there from eight to nine, at these minutes after eight; watched from half past seven on. */
const gaps = (minutes: number[], { failures = [] as number[], loweredAt = -1 } = {}) =>
  countPingGaps([{ id: 'ada', from: 8, to: 9 }], {
    from: eight - 30 * minute,
    end: eight + 120 * minute,
    requests: minutes.map(
      (each): LoggedRequest => ({
        time: eight + each * minute,
        method: 'POST',
        path,
        status: 201,
        changed: 'pinged',
        target: 'ada',
        fault: null,
      }),
    ),
    calls: failures.map(
      (each): Call => ({
        at: eight + each * minute,
        worker: undefined,
        method: 'POST',
        path,
        text: undefined,
        visitorId: undefined,
        trouble: { isRefused: true, withoutHeaders: false },
        logIndex: undefined,
      }),
    ),
    limitChange: loweredAt < 0 ? undefined : { at: eight + loweredAt * minute },
  });

const every = (step: number) => Array.from({ length: 60 / step }, (_, index) => 1 + index * step);

test('pings each two minutes leave no gap', () => {
  expect(gaps(every(2))).toBe(0);
});

test('a gap of more than three minutes counts, at the beginning and the end of a shift too', () => {
  expect(gaps(every(2).filter((each) => each < 20 || each > 24))).toBe(1);
  expect(gaps(every(2).filter((each) => each > 4))).toBe(1);
  expect(gaps(every(2).filter((each) => each < 50))).toBe(1);
});

test('a gap is excused where Brevo failed or the limit was lowered meanwhile', () => {
  const pings = every(2).filter((each) => each < 20 || each > 24);
  expect(gaps(pings, { failures: [22] })).toBe(0);
  expect(gaps(pings, { failures: [30] })).toBe(1);
  expect(gaps(pings, { loweredAt: 22 })).toBe(0);
});
