/** How the page shows the request budget, and the agents whose pings share it. */
import {
  type Budget,
  countedAt,
  forgottenAt,
  freeNow,
  httpReserve,
  type Lane,
  limitOf,
  type Meter,
  meterOf,
  type RequestPlan,
} from '../../lib/budget/budget.ts';
import { freeAfter } from '../../lib/budget/health.ts';
import type { Config } from '../../lib/config/config.ts';
import { requestPlan } from '../../lib/config/requests.ts';
import { agentKey, weekdays } from '../../lib/presence/agents.ts';
import { presencePlan } from '../../lib/presence/plan.ts';
import { agentsOnShift } from '../../lib/presence/shifts.ts';
import type { Agent, Budget as Shown } from './state.ts';

/** The meter that new messages count on. */
const posting = 'POST /conversations/pushedMessages';

/** How the request budget stands. `now` in milliseconds since 1970. */
export const showBudget = (config: Config, budget: Budget, now: number): Shown => {
  const plan = requestPlan(config.requests);
  const meter = meterOf(budget, plan.scope === 'account' ? 'account' : posting);
  const limit = limitOf(plan, meter);
  const needed = upcomingOf(config, plan, { lastPings: budget.pings, limit });
  const scheme = { plan, upcoming: needed };
  const wait = freeAfter(scheme, { budget, meter }, 'messages', now);
  const stepMs = plan.windowMs / 60;
  const oldest = meter.buckets.find((bucket) => counts(plan, meter, [bucket], now) > 0);
  const of = (lane: Lane) => counts(plan, meter, onlyOf(lane, meter), now);
  return {
    limit,
    windowSeconds: plan.windowMs / 1000,
    spent: { presence: of('presence'), http: of('http'), messages: of('messages') },
    free: freeNow(plan, meter, now),
    kept: { presence: Math.max(0, ...needed(now, stepMs, 60)), http: httpReserve(limit) },
    ...(wait > 0 && { nextMessageAt: Math.floor(now / stepMs) * stepMs + wait }),
    ...(oldest !== undefined && { nextFreeAt: forgottenAt(plan, oldest.at) }),
    ...(meter.closedUntil > now && { closedUntil: meter.closedUntil }),
    ...(budget.paused !== undefined && {
      paused: { reason: budget.paused.reason, probeAt: budget.paused.probeAt },
    }),
  };
};

const counts = (plan: RequestPlan, meter: Meter, buckets: Meter['buckets'], now: number): number =>
  countedAt(plan, { ...meter, buckets }, now);

const onlyOf = (lane: Lane, { buckets }: Meter): Meter['buckets'] =>
  buckets.map((bucket) => ({ at: bucket.at, presence: 0, http: 0, messages: 0, [lane]: bucket[lane] }));

const upcomingOf = (
  { presence }: Config,
  plan: RequestPlan,
  known: { lastPings: Budget['pings']; limit: number },
) => {
  if (plan.scope !== 'account')
    return (_now: number, _step: number, steps: number) => Array.from({ length: steps }, () => 0);
  const { upcoming } = presencePlan(presence, plan);
  return (now: number, stepMs: number, steps: number) => upcoming(now, stepMs, steps, known);
};

/** Which agents are on shift, and when they were pinged. `now` in milliseconds since 1970. */
export const showPresence = ({ presence }: Config, { pings }: Budget, now: number): Agent[] => {
  const onShift = agentsOnShift(presence.agents, now);
  return presence.agents.map((agent) => {
    const lastPing = pings[agentKey(agent)];
    return {
      name: 'agentId' in agent ? agent.agentId : agent.agentName,
      isOnShift: onShift.includes(agent),
      shifts: agent.shifts.map(
        ({ days, from, to, timeZone }) => `${spanOf(days)} ${from}–${to}, ${timeZone}`,
      ),
      ...(lastPing !== undefined && lastPing > 0 && { lastPing }),
    };
  });
};

/** `Mon–Fri`, or `Mon, Wed, Fri` where days between are left out. */
const spanOf = (days: readonly string[]): string => {
  const shown = weekdays.filter((day) => days.includes(day));
  const names = shown.map((day) => day.charAt(0).toUpperCase() + day.slice(1));
  const isUnbroken = weekdays.join().includes(shown.join());
  return isUnbroken && names.length > 2 ? `${names[0]}–${names.at(-1)}` : names.join(', ');
};
