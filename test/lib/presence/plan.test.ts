import { fc, test as law } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { RequestPlan } from '../../../lib/budget/budget.ts';
import type { Agent, Presence, Shift } from '../../../lib/presence/agents.ts';
import { presencePlan } from '../../../lib/presence/plan.ts';
import { agentsOnShift } from '../../../lib/presence/shifts.ts';
import { seededRandom } from '../../tools/brevo/simulated-brevo.ts';

const minute = 60_000;
const hour = 60 * minute;
const monday = Date.UTC(2026, 2, 2);
const limit = (requests: number, scope: RequestPlan['scope'] = 'account'): RequestPlan => ({
  limit: requests,
  windowMs: hour,
  scope,
});
const everyDay: Shift['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const from = (start: string, end: string): Shift => ({
  days: everyDay,
  from: start,
  to: end,
  timeZone: 'UTC',
});
const always = from('00:00', '24:00');
const team = (...shifts: Shift[]): Agent[] =>
  shifts.map((shift, index) => ({ agentId: `agent-${index}`, shifts: [shift] }));
const allDay = (count: number) => team(...Array.from({ length: count }, () => always));
const planFor = (presence: Presence, requests: RequestPlan) =>
  presencePlan(presence, requests).within(requests.limit);
type Plan = ReturnType<typeof planFor>;
const keysAt = (plan: Plan, at: number) => plan.onlineAt(at).map(({ key }) => key);

describe('the ping interval', () => {
  test.each([
    [1, limit(120), 1],
    [1, limit(119), 2],
    [2, limit(239), 2],
    [5, limit(600), 1],
    [6, limit(600), 2],
    [0, limit(100), 1],
    // Its own limit is for pings only: 62 of them while the budget remembers a window, beside a reserve of 2.
    [1, limit(64, 'endpoint'), 1],
    [1, limit(63, 'endpoint'), 2],
  ])('of %i agents within %j is %i minutes', (agents, requests, minutes) => {
    expect(planFor({ agents: allDay(agents) }, requests).cadenceMs).toBe(minutes * minute);
  });

  test('depends on the highest number of agents online at the same time', () => {
    const relay = team(from('00:00', '08:00'), from('08:00', '16:00'), from('16:00', '24:00'));
    expect(planFor({ agents: relay }, limit(120)).cadenceMs).toBe(minute);
    const overlapping = team(from('00:00', '08:01'), from('08:00', '16:00'));
    expect(planFor({ agents: overlapping }, limit(120)).cadenceMs).toBe(2 * minute);
    expect(planFor({ agents: overlapping, keepOnline: 1 }, limit(120)).cadenceMs).toBe(minute);
  });

  test('allows the schedule to be early or late by a quarter of it', () => {
    expect(planFor({ agents: allDay(1) }, limit(200)).minGapMs).toBe(40_000);
    expect(planFor({ agents: allDay(1) }, limit(100)).minGapMs).toBe(80_000);
  });
});

describe('the agents online', () => {
  test('are all agents on shift, in the order of the configuration', () => {
    const plan = planFor({ agents: team(from('10:00', '12:00'), from('11:00', '13:00')) }, limit(100));
    expect(keysAt(plan, monday + 10 * hour - 1)).toEqual([]);
    expect(keysAt(plan, monday + 10 * hour)).toEqual(['agent-0']);
    expect(keysAt(plan, monday + 11 * hour)).toEqual(['agent-0', 'agent-1']);
    expect(keysAt(plan, monday + 12 * hour)).toEqual(['agent-1']);
  });

  test('are no more than the limit reported by Brevo allows', () => {
    const plan = presencePlan({ agents: allDay(3) }, limit(100));
    expect(plan.agents.map(({ key }) => key)).toEqual(['agent-0', 'agent-1', 'agent-2']);
    const online = (requests: number) => keysAt(plan.within(requests), monday).length;
    expect([200, 100, 50, 20, 0].map(online)).toEqual([3, 3, 1, 0, 0]);
  });

  test.each([
    [2, 1],
    [5, 2],
    [7, 3],
  ])('out of %i, kept online %i at a time, get equal shares of four hours', (count, keepOnline) => {
    const plan = planFor({ agents: allDay(count), keepOnline }, limit(600));
    const minutes = new Map<string, number>();
    for (let at = monday; at < monday + 4 * hour; at += minute) {
      const online = keysAt(plan, at);
      expect(new Set(online).size).toBe(keepOnline);
      for (const key of online) minutes.set(key, (minutes.get(key) ?? 0) + 1);
    }
    const shares = [...minutes.values()];
    expect(shares).toHaveLength(count);
    // Turns change at the start of a minute.
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(keepOnline);
  });

  test('change by one agent at a time', () => {
    const plan = planFor({ agents: allDay(5), keepOnline: 3 }, limit(600));
    let changes = 0;
    for (let at = monday; at < monday + 24 * hour; at += minute) {
      const next = keysAt(plan, at + minute);
      const gone = keysAt(plan, at).filter((key) => !next.includes(key));
      expect(gone.length).toBeLessThanOrEqual(1);
      changes += gone.length;
    }
    expect(changes).toBe(5 * 6);
  });

  law.prop([fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 6 }), fc.nat(8), fc.nat(239)])(
    'change by at most one place when an agent comes or goes',
    (count, keepOnline, position, at) => {
      const before = allDay(count);
      const newcomer: Agent = { agentId: 'newcomer', shifts: [always] };
      const after = [...before.slice(0, position), newcomer, ...before.slice(position)];
      const keysOf = (agents: Agent[]) =>
        keysAt(planFor({ agents, keepOnline }, limit(600)), monday + at * minute);
      const were = keysOf(before);
      const are = keysOf(after);
      // The newcomer takes one place, and the turn may move by another.
      const stay = Math.min(keepOnline, count) - (are.includes('newcomer') ? 2 : 1);
      expect(were.filter((key) => are.includes(key)).length).toBeGreaterThanOrEqual(stay);
    },
  );
});

interface Sent {
  at: number;
  key: string;
}

/** The pings of a schedule that runs each minute, up to a sixth of the interval late, and sometimes twice. */
const simulate = (plan: Plan, start: number, end: number, random: () => number): Sent[] => {
  const last = new Map<string, number>();
  const sent: Sent[] = [];
  const offset = Math.floor(random() * minute);
  for (let nominal = start + offset; nominal < end; nominal += minute) {
    const late = random() * (plan.cadenceMs / 6);
    const runs = random() < 0.1 ? [late, late + random() * (plan.cadenceMs / 6 - late)] : [late];
    for (const at of runs.map((delay) => nominal + Math.floor(delay))) {
      for (const { key } of plan.onlineAt(at)) {
        if (at - (last.get(key) ?? 0) < plan.minGapMs) continue;
        last.set(key, at);
        sent.push({ at, key });
      }
    }
  }
  return sent;
};

const clock = fc.integer({ min: 0, max: 23 }).map((hours) => `${`${hours}`.padStart(2, '0')}:00`);
const anyShift = fc
  .record({ start: clock, end: clock })
  .filter(({ start, end }) => start !== end)
  .map(({ start, end }) => from(start, end));
const anyPlan = fc
  .record({
    shifts: fc.array(fc.oneof(anyShift, fc.constant(always)), { minLength: 1, maxLength: 5 }),
    keepOnline: fc.integer({ min: 1, max: 4 }),
    requests: fc.constantFrom(limit(100), limit(200), limit(600), limit(100, 'endpoint')),
  })
  .map(({ shifts, keepOnline, requests }) => planFor({ agents: team(...shifts), keepOnline }, requests));
const seed = fc.integer({ min: 1, max: 2 ** 31 });

describe('the predicted pings, with one to repeat,', () => {
  const lastPingsAt = (sent: Sent[], now: number) =>
    Object.fromEntries(sent.filter(({ at }) => at <= now).map(({ at, key }) => [key, at]));

  law.prop([anyPlan, seed], { numRuns: 150 })('are never fewer than the actual pings', (plan, number) => {
    const random = seededRandom(number);
    const start = monday + Math.floor(random() * 12 * hour);
    const sent = simulate(plan, start, start + 8 * hour, random);
    for (let look = 0; look < 10; look++) {
      const now = start + Math.floor(random() * 6 * hour);
      const known = plan.upcoming(now, minute, 60, lastPingsAt(sent, now));
      const unknown = plan.upcoming(now, minute, 60, {});
      for (let step = 1; step <= 60; step++) {
        const to = now + step * minute;
        const actual = sent.filter(({ at }) => at > now && at <= to).length;
        expect(known[step - 1]).toBeGreaterThanOrEqual(actual);
        expect(unknown[step - 1]).toBeGreaterThanOrEqual(known[step - 1] ?? Number.POSITIVE_INFINITY);
      }
    }
  });

  law.prop([fc.integer({ min: 1, max: 3 }), fc.constantFrom(limit(100), limit(600)), seed], { numRuns: 50 })(
    'exceed the actual pings by at most one for each agent, and one to repeat, if the last pings are known',
    (count, requests, number) => {
      const random = seededRandom(number);
      const plan = planFor({ agents: allDay(count) }, requests);
      const sent = simulate(plan, monday, monday + 4 * hour, random);
      const now = monday + hour + Math.floor(random() * hour);
      const known = plan.upcoming(now, minute, 60, lastPingsAt(sent, now));
      const unknown = plan.upcoming(now, minute, 60, {});
      for (const [step, bound] of known.entries()) {
        const actual = sent.filter(({ at }) => at > now && at <= now + (step + 1) * minute).length;
        expect(bound - actual).toBeLessThanOrEqual(count + 1);
        expect((unknown[step] ?? Number.NaN) - actual).toBeLessThanOrEqual(2 * count + 1);
      }
    },
  );

  test('include a shift that starts within the hour, from its first minute on', () => {
    const plan = planFor({ agents: team(from('09:00', '18:00')) }, limit(100));
    const steps = plan.upcoming(monday + 8.5 * hour, 10 * minute, 6, {});
    expect(steps).toEqual([0, 0, 2, 7, 12, 17]);
  });

  test('follow the limit reported by Brevo', () => {
    const plan = presencePlan({ agents: allDay(3) }, limit(100));
    expect(plan.upcoming(monday, 30 * minute, 1)).toEqual([49]);
    expect(plan.upcoming(monday, 30 * minute, 1, { limit: 50 })).toEqual([17]);
    expect(plan.upcoming(monday, 30 * minute, 1, { lastPings: { 'agent-1': monday } })).toEqual([48]);
  });

  test('end with the shift', () => {
    const plan = planFor({ agents: team(from('09:00', '18:00')) }, limit(100));
    expect(plan.upcoming(monday + 17.5 * hour, 20 * minute, 3, {})).toEqual([12, 17, 17]);
  });

  test('leave out an agent’s gap between two shifts', () => {
    const agents: Agent[] = [{ agentId: 'a', shifts: [from('09:00', '10:00'), from('10:30', '11:00')] }];
    const plan = planFor({ agents }, limit(100));
    expect(plan.upcoming(monday + 9.5 * hour, 30 * minute, 4, {})).toEqual([17, 18, 33, 33]);
  });

  test('of an agent who was just pinged start with the next ping', () => {
    const plan = planFor({ agents: allDay(1) }, limit(100));
    const at = monday + hour;
    expect(plan.upcoming(at, 30_000, 8, { 'agent-0': at })).toEqual([0, 0, 2, 2, 2, 2, 3, 3]);
    // The ping failed: the next run tries again.
    expect(plan.upcoming(at, 30_000, 4, { 'agent-0': 0 })).toEqual([2, 2, 3, 3]);
  });
});

law.prop([anyPlan, seed], { numRuns: 50 })(
  'no agent on shift goes three minutes without a ping, and none is pinged twice in a run',
  (plan, number) => {
    const sent = simulate(plan, monday, monday + 6 * hour, seededRandom(number));
    for (const key of new Set(sent.map((each) => each.key))) {
      const times = sent.filter((each) => each.key === key).map(({ at }) => at);
      for (const [index, at] of times.slice(1).entries()) {
        const gap = at - (times[index] ?? 0);
        expect(gap).toBeGreaterThanOrEqual(plan.minGapMs);
        const wasOnlineThroughout = Array.from({ length: Math.ceil(gap / minute) }, (_, step) =>
          keysAt(plan, at - step * minute).includes(key),
        ).every(Boolean);
        if (wasOnlineThroughout) expect(gap).toBeLessThan(180_000);
      }
    }
  },
);

test('many weeks later the plan is still right, and its memory is limited', () => {
  const agents = team(from('09:00', '18:00'));
  const plan = planFor({ agents }, limit(100));
  for (let at = monday; at < monday + 4 * 24 * hour; at += minute)
    expect(plan.onlineAt(at)).toHaveLength(agentsOnShift(agents, at).length);
});
