import { httpReserve, type RequestPlan } from '../budget/budget.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Brevo shows an agent for two to three minutes after a ping: a longer pause than this would leave gaps. */
const longestMs = 2 * minuteMs;

/** How long a request counts in the budget, and up to the run of the schedule that notices its end. */
const countedMs = ({ windowMs }: RequestPlan): number =>
  Math.ceil((windowMs + windowMs / 60 + windowMs / 120) / minuteMs) * minuteMs;

/** Pings in so many milliseconds. */
const pingsIn = (ms: number, agents: number, everyMs: number): number => agents * Math.ceil(ms / everyMs);

/** Pings within a window of Brevo's for agents who are pinged as seldom as can be. */
export const leastPings = (agents: number, { windowMs }: RequestPlan): number =>
  pingsIn(windowMs, agents, longestMs);

/** How many agents can be kept online and leave a request for a message, where both count together. */
export const mostAffordable = (plan: RequestPlan): number => {
  const forMessages = plan.scope === 'account' ? 1 : 0;
  const room = plan.limit - httpReserve(plan.limit) - forMessages;
  return Math.max(0, Math.floor(room / pingsIn(countedMs(plan), 1, longestMs)));
};

/**
 * How often agents are pinged: each minute, as Brevo recommends, if that takes half of all requests at most, else every
 * second minute. An endpoint's own limit is there for pings alone. Milliseconds.
 */
export const pingEveryMs = (agents: number, plan: RequestPlan): number => {
  const isAffordable =
    plan.scope === 'account'
      ? pingsIn(plan.windowMs, agents, minuteMs) <= plan.limit / 2
      : pingsIn(countedMs(plan), agents, minuteMs) <= plan.limit - httpReserve(plan.limit);
  return isAffordable ? minuteMs : longestMs;
};

/** How many messages an hour are left beside the pings, while so many agents are online. */
export const messagesAnHour = (agents: number, plan: RequestPlan): number => {
  const everyMs = pingEveryMs(agents, plan);
  const pings = plan.scope === 'account' ? pingsIn(countedMs(plan), agents, everyMs) : 0;
  const room = plan.limit - httpReserve(plan.limit) - pings;
  return Math.max(0, Math.floor((room * hourMs) / countedMs(plan)));
};
