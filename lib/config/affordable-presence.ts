import * as z from 'zod/mini';
import { type Presence, presence } from '../presence/agents.ts';
import { mostOnShift } from '../presence/most-on-shift.ts';
import { leastPings, mostAffordable } from '../presence/ping-rate.ts';
import { requestPlan, requests } from './requests.ts';

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
  const rest = pings <= limits.limit ? ', which leaves too little for anything else' : '';
  const remedy =
    affordable > 0 ? `set presence.keepOnline to ${affordable} at most` : 'leave presence.agents empty';
  return `${who} (${when}) ${online === 1 ? 'needs' : 'need'} ${share}, at a ping every two minutes${rest}; ${remedy}`;
};

/** Refuses agents who could not all be kept online within the request limit, with the arithmetic. */
export const affordablePresence = z.check<unknown>(
  ({ value, issues }) => {
    const { data } = z.safeParse(frame, value);
    const message = data && faultIn(data.presence, data.requests);
    if (message === undefined) return;
    issues.push({ code: 'custom', input: value, path: ['presence', 'agents'], message });
  },
  // Also when something else is wrong: one message names every field at fault.
  { when: () => true },
);
