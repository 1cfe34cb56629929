import * as z from 'zod/mini';
import type { RequestPlan } from '../budget/budget.ts';
import { type Presence, presence } from '../presence/agents.ts';
import { leastPings, mostAffordable } from '../presence/ping-rate.ts';
import { mostOnShift } from '../presence/shifts.ts';

/** Brevo's request limit. The defaults are those of the General plan. */
export const requests = z.strictObject({
  // A single request would be reserved for the HTTP API.
  limit: z._default(z.int().check(z.gte(2)), 100),
  windowSeconds: z._default(z.int().check(z.positive()), 3600),
  scope: z._default(z.enum(['account', 'endpoint']), 'account'),
});

/** The configured limit in the budget's terms. */
export const requestPlan = ({ limit, windowSeconds, scope }: z.output<typeof requests>): RequestPlan => ({
  limit,
  windowMs: windowSeconds * 1000,
  scope,
});

const frame = z.looseObject({ presence, requests });

const faultIn = ({ agents, keepOnline }: Presence, limits: z.output<typeof requests>): string | undefined => {
  const plan = requestPlan(limits);
  const affordable = mostAffordable(plan);
  const { agents: onShift, when } = mostOnShift(agents) ?? { agents: 0 };
  const online = Math.min(onShift, keepOnline ?? onShift);
  if (online <= affordable) return undefined;
  const pings = leastPings(online, plan);
  const who = `${online} ${online === 1 ? 'agent' : 'agents'} ${online < onShift ? 'kept online' : 'on shift at once'}`;
  const share = `${pings} of ${limits.limit} requests in ${limits.windowSeconds / 60} minutes`;
  const rest = pings <= limits.limit ? ', which leaves too few for anything else' : '';
  const remedy =
    affordable > 0 ? `set presence.keepOnline to ${affordable} or less` : 'leave presence.agents empty';
  return `${who} (${when}) ${online === 1 ? 'needs' : 'need'} ${share}, with a ping every two minutes${rest}; ${remedy}`;
};

/**
 * Refuses a configuration that keeps more agents online than the request limit allows. The message shows the
 * calculation.
 */
export const affordablePresence = z.check<unknown>(
  ({ value, issues }) => {
    const { data } = z.safeParse(frame, value);
    const message = data && faultIn(data.presence, data.requests);
    if (message === undefined) return;
    issues.push({ code: 'custom', input: value, path: ['presence', 'agents'], message });
  },
  // Runs even if another field is invalid, so that one error names every invalid field.
  { when: () => true },
);
