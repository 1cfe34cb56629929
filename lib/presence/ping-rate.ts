import { httpReserve, countedMs as longestCountedMs, type RequestPlan } from '../budget/budget.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Brevo shows an agent as online for two to three minutes after a ping. A longer interval would leave gaps. */
const longestMs = 2 * minuteMs;

/** How long a request counts in the budget, rounded up to the next run of the schedule. Milliseconds. */
const countedMs = (plan: RequestPlan): number => Math.ceil(longestCountedMs(plan) / minuteMs) * minuteMs;

/** Number of pings in a period of `ms` milliseconds. */
const pingsIn = (ms: number, agents: number, everyMs: number): number => agents * Math.ceil(ms / everyMs);

/** Number of pings in one window if agents are pinged as rarely as possible. */
export const leastPings = (agents: number, { windowMs }: RequestPlan): number =>
  pingsIn(windowMs, agents, longestMs);

/**
 * How many agents can be kept online. If pings and messages share a limit, at least one request is left for a message,
 * and one for a ping that must be repeated.
 */
export const mostAffordable = (plan: RequestPlan): number => {
  const forOthers = plan.scope === 'account' ? 2 : 0;
  const room = plan.limit - httpReserve(plan.limit) - forOthers;
  return Math.max(0, Math.floor(room / pingsIn(countedMs(plan), 1, longestMs)));
};

/**
 * The ping interval: one minute, as Brevo recommends, if this takes at most half of the requests, otherwise two
 * minutes. A limit for each endpoint leaves the ping's own limit to pings alone. Milliseconds.
 */
export const pingEveryMs = (agents: number, plan: RequestPlan): number => {
  const isAffordable =
    plan.scope === 'account'
      ? pingsIn(plan.windowMs, agents, minuteMs) <= plan.limit / 2
      : pingsIn(countedMs(plan), agents, minuteMs) <= plan.limit - httpReserve(plan.limit);
  return isAffordable ? minuteMs : longestMs;
};

/** How many messages an hour are left while this many agents are online. */
export const messagesAnHour = (agents: number, plan: RequestPlan): number => {
  const everyMs = pingEveryMs(agents, plan);
  const pings = plan.scope === 'account' ? pingsIn(countedMs(plan), agents, everyMs) : 0;
  const room = plan.limit - httpReserve(plan.limit) - pings;
  return Math.max(0, Math.floor((room * hourMs) / countedMs(plan)));
};
