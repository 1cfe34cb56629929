import type { RequestPlan } from '../budget/budget.ts';
import { agentKey } from './agent-key.ts';
import type { Agent, Presence } from './agents.ts';
import { mostOnShift } from './most-on-shift.ts';
import { minuteMs, onlineByMinute } from './online.ts';
import { mostAffordable, pingEveryMs } from './ping-rate.ts';
import { upcomingPings } from './upcoming-pings.ts';

/** An agent with what the database knows it by. */
export type PlannedAgent = Agent & { key: string };

/** What is known when pings are foreseen. */
export interface Known {
  /** When each agent was pinged last, by its key, milliseconds since 1970: with it, one an agent too many is foreseen at most. */
  lastPings?: Readonly<Record<string, number>>;
  /** The limit that Brevo names, if it is not the configured one. */
  limit?: number;
}

/**
 * Who is kept online, and what that needs of the request limit. A configuration that needs too much is refused, but
 * Brevo may name a lower limit later: then fewer agents are kept online, in turn.
 */
export const presencePlan = (presence: Presence, requests: RequestPlan) => {
  const agents = presence.agents.map((agent): PlannedAgent => ({ ...agent, key: agentKey(agent) }));
  const onShift = mostOnShift(agents)?.agents ?? 0;

  const plan = (limit: number) => {
    const within = { ...requests, limit };
    const atMost = Math.min(presence.keepOnline ?? agents.length, mostAffordable(within));
    const cadenceMs = pingEveryMs(Math.min(atMost, onShift), within);
    // The schedule comes a little late, and now and then twice.
    const jitterMs = cadenceMs / 4;
    const onlineIn = onlineByMinute(agents, atMost);
    return {
      /** How often an agent is pinged. */
      cadenceMs,
      /**
       * How long ago an agent's last ping must be for another. Two thirds, since a run that came much too late must not
       * make the next but one look too early: after the one behind it, Brevo would show the agent as gone.
       */
      minGapMs: (cadenceMs * 2) / 3,
      /** The agents to be online now (milliseconds since 1970), in a stable order. */
      onlineAt: (now: number): readonly PlannedAgent[] => onlineIn(Math.floor(now / minuteMs)),
      upcoming: upcomingPings(onlineIn, cadenceMs, jitterMs),
    };
  };

  const plans = new Map<number, ReturnType<typeof plan>>();
  /** The plan for a limit: the configured one, or one that Brevo named since. */
  const within = (limit: number): ReturnType<typeof plan> => {
    const made = plans.get(limit) ?? plan(limit);
    plans.set(limit, made);
    return made;
  };

  return {
    /** All of them, on shift or not. */
    agents,
    /** The configured limit. */
    requests,
    within,
    /** The most pings in (now, now + stepMs], in (now, now + 2 stepMs] and so on, as many numbers as `steps`. */
    upcoming: (
      now: number,
      stepMs: number,
      steps: number,
      { lastPings = {}, limit = requests.limit }: Known = {},
    ): number[] => within(limit).upcoming(now, stepMs, steps, lastPings),
  };
};

export type PresencePlan = ReturnType<typeof presencePlan>;
