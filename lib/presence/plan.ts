import type { RequestPlan } from '../budget/budget.ts';
import type { PingedAgent } from '../budget/metered-client.ts';
import { agentKey, type Presence, type Shift } from './agents.ts';
import { mostAffordable, pingEveryMs } from './ping-rate.ts';
import { agentsOnShift, mostOnShift } from './shifts.ts';

const minuteMs = 60_000;

/** Within this many minutes, every agent on shift has a turn. */
const lapMinutes = 4 * 60;

/** Far more minutes than one decision looks at. */
const remembered = 4096;

/**
 * The agents to be online in a minute (counted since 1970): those on shift, or `atMost` of them in turn. Each agent
 * gets the same share of a lap. When the number of agents on shift changes, the turn moves by one place at most.
 */
const onlineByMinute = <Each extends { shifts: readonly Shift[] }>(
  agents: readonly Each[],
  atMost: number,
): ((minute: number) => readonly Each[]) => {
  const decide = (minute: number): Each[] => {
    const onShift = agentsOnShift(agents, minute * minuteMs);
    if (onShift.length <= atMost) return onShift;
    const first = Math.floor(((minute % lapMinutes) * onShift.length) / lapMinutes);
    return [...onShift.slice(first), ...onShift.slice(0, first)].slice(0, atMost);
  };
  const known = new Map<number, Each[]>();
  return (minute) => {
    const online = known.get(minute) ?? decide(minute);
    if (known.size >= remembered) known.clear();
    known.set(minute, online);
    return online;
  };
};

/** A period during which an agent is online without a break. `end` is excluded. Milliseconds since 1970. */
interface Stretch {
  key: string;
  start: number;
  end: number;
}

type OnlineIn = (minute: number) => readonly { key: string }[];

const stretchesIn = (onlineIn: OnlineIn, from: number, to: number): Stretch[] => {
  const stretches: Stretch[] = [];
  const latest = new Map<string, Stretch>();
  for (let minute = Math.floor(from / minuteMs); minute * minuteMs <= to; minute++) {
    const start = minute * minuteMs;
    for (const { key } of onlineIn(minute)) {
      const current = latest.get(key);
      if (current?.end === start) current.end += minuteMs;
      else {
        const stretch = { key, start, end: start + minuteMs };
        latest.set(key, stretch);
        stretches.push(stretch);
      }
    }
  }
  return stretches;
};

/** A failed ping is repeated. Without a request to spare for it, it would take one that a later ping needs. */
const forRepeats = 1;

/**
 * Predicts the highest number of pings by a schedule that pings each agent every `cadenceMs` and runs up to
 * `jitterMs` late.
 * @param onlineIn the agents to be online in a minute, counted since 1970
 */
const upcomingPings = (onlineIn: OnlineIn, cadenceMs: number, jitterMs: number) => {
  const pingsIn = ({ start, end }: Stretch, from: number, to: number, last = 0): number => {
    const first = Math.max(start, from);
    const final = Math.min(end - 1, to);
    if (final < first) return 0;
    const withJitter = (ms: number) => Math.floor((ms + jitterMs) / cadenceMs);
    return Math.max(0, Math.min(1 + withJitter(final - first), withJitter(final - last)));
  };

  /**
   * The pings in (now, now + stepMs], in (now, now + 2 stepMs] and so on, based on the time of each agent's last
   * ping.
   */
  return (
    now: number,
    stepMs: number,
    steps: number,
    lastPings: Readonly<Record<string, number>>,
  ): number[] => {
    const stretches = stretchesIn(onlineIn, now, now + steps * stepMs);
    return Array.from({ length: steps }, (_, index) => {
      const to = now + (index + 1) * stepMs;
      const pings = stretches.reduce(
        (sum, stretch) => sum + pingsIn(stretch, now, to, lastPings[stretch.key]),
        0,
      );
      return pings === 0 ? 0 : pings + forRepeats;
    });
  };
};

/** An agent with its ping body and its shifts. */
export interface PlannedAgent extends PingedAgent {
  shifts: readonly Shift[];
}

/** What is known when pings are predicted. */
export interface Known {
  /**
   * The time of each agent's last ping, by the agent's key, in milliseconds since 1970. With it, the prediction is
   * too high by at most one ping for each agent, and one for a repeat.
   */
  lastPings?: Readonly<Record<string, number>>;
  /** The limit that Brevo reported, if it differs from the configured one. */
  limit?: number;
}

/**
 * Who is kept online, and how many requests this takes. A configuration that needs too many is refused. If Brevo
 * reports a lower limit later, fewer agents are kept online, in turn.
 */
export const presencePlan = (presence: Presence, requests: RequestPlan) => {
  const agents = presence.agents.map((agent): PlannedAgent => {
    const { shifts, ...identity } = agent;
    return { key: agentKey(agent), identity, shifts };
  });
  const onShift = mostOnShift(agents)?.agents ?? 0;

  const plan = (limit: number) => {
    const within = { ...requests, limit };
    const atMost = Math.min(presence.keepOnline ?? agents.length, mostAffordable(within));
    const cadenceMs = pingEveryMs(Math.min(atMost, onShift), within);
    // The schedule runs a little late, and sometimes twice.
    const jitterMs = cadenceMs / 4;
    const onlineIn = onlineByMinute(agents, atMost);
    return {
      /** The ping interval. Milliseconds. */
      cadenceMs,
      /**
       * The minimum time between two pings of an agent: two thirds of the interval. After a very late run, the run
       * after the next one must not seem too early. If it were skipped, Brevo would show the agent as offline before
       * the run that follows. Milliseconds.
       */
      minGapMs: (cadenceMs * 2) / 3,
      /** The agents to be online at `now` (milliseconds since 1970), in a stable order. */
      onlineAt: (now: number): readonly PlannedAgent[] => onlineIn(Math.floor(now / minuteMs)),
      upcoming: upcomingPings(onlineIn, cadenceMs, jitterMs),
    };
  };

  const plans = new Map<number, ReturnType<typeof plan>>();
  /** The plan for a limit: the configured one, or the one that Brevo reported. */
  const within = (limit: number): ReturnType<typeof plan> => {
    const made = plans.get(limit) ?? plan(limit);
    plans.set(limit, made);
    return made;
  };

  return {
    /** All agents, on shift or not. */
    agents,
    /** The configured limit. */
    requests,
    within,
    /**
     * The highest number of pings in (now, now + stepMs], in (now, now + 2 stepMs] and so on, for the given number of
     * steps.
     */
    upcoming: (
      now: number,
      stepMs: number,
      steps: number,
      { lastPings = {}, limit = requests.limit }: Known = {},
    ): number[] => within(limit).upcoming(now, stepMs, steps, lastPings),
  };
};

export type PresencePlan = ReturnType<typeof presencePlan>;
