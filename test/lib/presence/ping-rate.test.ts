import { expect, test } from 'vitest';
import {
  emptyBudget,
  freeNow,
  mayTake,
  meterOf,
  type RequestPlan,
  taken,
  type Upcoming,
} from '../../../lib/budget/budget.ts';
import { leastPings, messagesAnHour, mostAffordable } from '../../../lib/presence/ping-rate.ts';
import { presencePlan } from '../../../lib/presence/plan.ts';

const minute = 60_000;
const hour = 60 * minute;
const monday = Date.UTC(2026, 2, 2);
const within = (limit: number, scope: RequestPlan['scope'] = 'account', windowMs = hour): RequestPlan => ({
  limit,
  windowMs,
  scope,
});

test('an agent who is pinged every two minutes takes thirty requests an hour', () => {
  expect(leastPings(1, within(100))).toBe(30);
  expect(leastPings(3, within(100))).toBe(90);
  expect(leastPings(2, within(100, 'account', 90_000))).toBe(2);
});

// The budget remembers a request for up to 62 minutes, in which an agent needs 31.
test.each([
  [within(100), 3],
  [within(98), 3],
  [within(97), 2],
  [within(600), 18],
  [within(35), 1],
  [within(34), 0],
  [within(2), 0],
  [within(32, 'endpoint'), 1],
  [within(31, 'endpoint'), 0],
])('within %j, %i agents can be kept online', (plan, agents) => {
  expect(mostAffordable(plan)).toBe(agents);
});

test('messages have their whole limit if each endpoint has its own', () => {
  expect(messagesAnHour(3, within(100, 'endpoint'))).toBe(messagesAnHour(0, within(100, 'endpoint')));
});

test('the number of messages left is never negative', () => {
  expect(messagesAnHour(9, within(100))).toBe(0);
});

/**
 * Sends pings, and in each minute as many messages as the budget grants, for a shop that always has one to send.
 * @param isFailing whether the ping fails that is the given one of all. It is repeated immediately.
 */
const sendFor = (
  hours: number,
  {
    agents,
    plan,
    second = 2,
    isFailing = () => false,
    lane = 'messages',
  }: {
    agents: number;
    plan: RequestPlan;
    second?: number;
    isFailing?: (ping: number) => boolean;
    lane?: 'messages' | 'http';
  },
) => {
  const always = { days: ['mon' as const, 'tue' as const], from: '00:00', to: '24:00', timeZone: 'UTC' };
  const team = Array.from({ length: agents }, (_, index) => ({ agentId: `${index}`, shifts: [always] }));
  const presence = presencePlan({ agents: team }, plan).within(plan.limit);
  const last: Record<string, number> = {};
  const { upcoming: predict } = presencePlan({ agents: team }, plan);
  const upcoming: Upcoming = (now, stepMs, steps) => predict(now, stepMs, steps, { lastPings: last });
  let meter = meterOf(emptyBudget(), 'account');
  let messages = 0;
  let pings = 0;
  let late = 0;
  const ping = (at: number): boolean => {
    meter = taken(plan, meter, 'presence', 1, at);
    return isFailing(pings++);
  };
  for (let at = monday + second * 1000; at < monday + hours * hour; at += minute) {
    for (const { key } of presence.onlineAt(at)) {
      if (at - (last[key] ?? 0) < presence.minGapMs) continue;
      if (freeNow(plan, meter, at) === 0) {
        late++;
        continue;
      }
      const hasFailed = ping(at) && (freeNow(plan, meter, at) === 0 || ping(at));
      last[key] = hasFailed ? 0 : at;
    }
    while (mayTake({ plan, upcoming }, meter, lane, at)) {
      meter = taken(plan, meter, lane, 1, at);
      messages++;
    }
  }
  return { messages, late };
};

test('a ping that is repeated costs no agent a later ping, however much the HTTP API is used', () => {
  for (let failing = 0; failing < 60; failing++) {
    const { late } = sendFor(3, {
      agents: 2,
      plan: within(100),
      lane: 'http',
      isFailing: (ping) => ping === failing,
    });
    expect(late).toBe(0);
  }
});

test('messages are sent even if the agents need as much of the limit as they may', () => {
  const plan = within(97);
  expect(sendFor(3, { agents: mostAffordable(plan), plan }).messages).toBeGreaterThan(0);
});

test.each([
  [100, 0],
  [100, 1],
  [100, 2],
  [100, 3],
  [200, 1],
  [200, 4],
  [600, 3],
])(
  'with a limit of %i an hour and %i agents, the budget grants the predicted number of messages, and little more',
  (limit, agents) => {
    const plan = within(limit);
    for (const second of [2, 40]) {
      // The budget repeats itself every 61 or 62 minutes.
      const hours = 31;
      const { messages, late } = sendFor(hours, { agents, plan, second });
      expect(late).toBe(0);
      const average = messages / hours;
      expect(average).toBeGreaterThanOrEqual(messagesAnHour(agents, plan));
      expect(average).toBeLessThan(messagesAnHour(agents, plan) + 1 + limit / 30);
    }
  },
);
