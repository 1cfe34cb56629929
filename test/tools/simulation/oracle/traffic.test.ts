import { expect, test } from 'vitest';
import type { Limit } from '../../../../tools/brevo/admission.ts';
import type { Message } from '../../../../tools/brevo/state.ts';
import type { Call, LoggedRequest } from '../../../../tools/simulation/brevo-wire.ts';
import {
  countOverLimit,
  countPingGaps,
  countWasted,
  isAmbiguous,
  pingsNeeded,
} from '../../../../tools/simulation/oracle/traffic.ts';

const path = '/v3/conversations/pushedMessages';
const pingPath = '/v3/conversations/agentOnlinePing';

const logged = (fields: Partial<LoggedRequest> = {}): LoggedRequest => ({
  time: 0,
  method: 'POST',
  path,
  status: 200,
  changed: 'created',
  target: 'a',
  fault: null,
  ...fields,
});

const at = (...seconds: number[]): LoggedRequest[] =>
  seconds.map((second) => logged({ time: second * 1_000 }));

const limit: Limit = { limit: 2, windowSeconds: 60, kind: 'fixed', scope: 'account' };

test('a fixed window opens with its first request; a sliding one looks back from each', () => {
  expect(countOverLimit(at(0, 59, 60, 61), limit)).toBe(0);
  expect(countOverLimit(at(0, 59, 60, 61), { ...limit, kind: 'sliding' })).toBe(1);
  expect(countOverLimit(at(0, 1, 59), limit)).toBe(1);
});

test('requests count together or by endpoint; those that Brevo does not count are left out', () => {
  const mixed = [
    ...at(0, 1),
    logged({ time: 2_000, method: 'PUT', path: `${path}/x` }),
    logged({ time: 3_000, method: 'PUT', path: `${path}/y` }),
  ];
  expect(countOverLimit(mixed, limit)).toBe(2);
  expect(countOverLimit(mixed, { ...limit, scope: 'endpoint' })).toBe(0);
  const uncounted = [logged({ status: 401 }), logged({ status: null, fault: 'reset-before' })];
  expect(countOverLimit([...uncounted, ...at(0, 1)], limit)).toBe(0);
});

test('the window in which the limit was lowered is left out, later ones are not', () => {
  const change = { at: 30_000, limit: 1 };
  expect(countOverLimit(at(0, 1, 31, 60), limit, change)).toBe(0);
  expect(countOverLimit(at(0, 1, 31, 60, 61), limit, change)).toBe(1);
});

const call = (logIndex: number, fields: Partial<Call> = {}): Call => ({
  at: 0,
  worker: undefined,
  method: 'POST',
  path,
  text: undefined,
  visitorId: undefined,
  trouble: { withoutHeaders: false },
  logIndex,
  heard: { at: 1, status: 200 },
  ...fields,
});

test('a request that changed nothing is wasted, unless the simulation made it fail or its answer had been lost before', () => {
  const put = { method: 'PUT', path: `${path}/a` } as const;
  const messages: Message[] = [
    {
      id: 'a',
      visitorId: 'v',
      kind: 'pushed',
      text: 'new',
      createdAt: 0,
      agentId: null,
      receivedFrom: null,
      history: [
        { at: 0, text: 'old' },
        { at: 1_000, text: 'new' },
        { at: 2_000, text: 'new' },
      ],
      deletedAt: null,
    },
  ];
  const first = logged({ ...put, time: 1_000, changed: 'updated' });
  const second = logged({ ...put, time: 2_000, changed: 'updated' });
  expect(countWasted([call(0, put)], [first], messages)).toBe(0);
  expect(countWasted([call(0, put), call(1, put)], [first, second], messages)).toBe(1);
  expect(
    countWasted(
      [call(0, { ...put, heard: { at: 1, status: 'lost' } }), call(1, put)],
      [first, second],
      messages,
    ),
  ).toBe(0);
  const refused = logged({ status: 429, changed: null, target: null });
  expect(countWasted([call(0)], [refused], [])).toBe(1);
  expect(
    countWasted(
      [call(0, { trouble: { withoutHeaders: false, fault: { kind: 'status', status: 429 } } })],
      [refused],
      [],
    ),
  ).toBe(0);
  expect(
    countWasted([call(0, { path: pingPath })], [logged({ path: pingPath, status: 429, changed: null })], []),
  ).toBe(0);
});

test('an outcome is ambiguous without an answer, or with one that says nothing', () => {
  const heard = (status: number | 'refused' | 'lost') => isAmbiguous(call(0, { heard: { at: 1, status } }));
  expect((['lost', 500, 502, 504, 408] as const).map(heard)).toEqual(Array(5).fill(true));
  expect((['refused', 200, 401, 429, 503] as const).map(heard)).toEqual(Array(5).fill(false));
  const { heard: _, ...unheard } = call(0);
  expect(isAmbiguous(unheard)).toBe(true);
});

type Mishap = { at: number; worker: { name: string } };

const day = Date.UTC(2026, 1, 2);
const minute = 60_000;
const eight = day + 8 * 60 * minute;

/** Pings of an agent who is there from eight to nine, at these minutes after eight; watched from half past seven on. */
const gaps = (
  minutes: number[],
  { failures = [] as number[], failed = pingPath, loweredAt = -1, awsFaults = [] as Mishap[] } = {},
) =>
  countPingGaps([{ id: 'ada', from: 8, to: 9 }], {
    from: eight - 30 * minute,
    end: eight + 120 * minute,
    requests: minutes.map(
      (each): LoggedRequest => ({
        time: eight + each * minute,
        method: 'POST',
        path: pingPath,
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
        path: failed,
        text: undefined,
        visitorId: undefined,
        trouble: { isRefused: true, withoutHeaders: false },
        logIndex: undefined,
      }),
    ),
    awsFaults,
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

test('a gap is excused where pings failed, or what sends them, or the limit was lowered meanwhile', () => {
  const pings = every(2).filter((each) => each < 20 || each > 24);
  expect(gaps(pings, { failures: [22] })).toBe(0);
  expect(gaps(pings, { failures: [30] })).toBe(1);
  expect(gaps(pings, { failures: [22], failed: path })).toBe(1);
  expect(gaps(pings, { loweredAt: 22 })).toBe(0);
  const at = eight + 22 * minute;
  expect(gaps(pings, { awsFaults: [{ at, worker: { name: 'ping-presence 7' } }] })).toBe(0);
  expect(gaps(pings, { awsFaults: [{ at, worker: { name: 'push-message 7' } }] })).toBe(1);
});

test('presence needs a ping every two minutes for each who is on shift, on the days that the window touches', () => {
  const shifts = [
    { id: 'ada', from: 8, to: 9 },
    { id: 'bea', from: 0, to: 24 },
  ];
  expect(pingsNeeded(shifts, eight, eight + 60 * minute)).toBe(60);
  expect(pingsNeeded(shifts, eight + 50 * minute, eight + 110 * minute)).toBe(5 + 30);
  expect(pingsNeeded([{ id: 'bea', from: 0, to: 24 }], day - 30 * minute, day + 30 * minute)).toBe(30);
});

test('an edit counts as done whenever it took effect while somebody waited for it', () => {
  const edited = (at: number): Message => ({
    id: 'a',
    visitorId: 'v',
    kind: 'pushed',
    text: 'new',
    createdAt: 0,
    agentId: null,
    receivedFrom: null,
    history: [
      { at: 0, text: 'old' },
      { at, text: 'new' },
    ],
    deletedAt: null,
  });
  const put = { method: 'PUT', path: `${path}/a` } as const;
  const request = logged({ ...put, time: 1_000, changed: 'updated' });
  expect(countWasted([call(0, put)], [request], [edited(13_000)])).toBe(0);
  expect(countWasted([call(0, put)], [request], [edited(13_001)])).toBe(1);
});

test('an answer that looks like a success but is not the documented one is ambiguous', () => {
  const fault = { kind: 'status-after', status: 200, body: '<html>' } as const;
  expect(isAmbiguous(call(0, { trouble: { withoutHeaders: false, fault } }))).toBe(true);
});
