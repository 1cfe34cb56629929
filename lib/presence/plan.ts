import type { RequestPlan } from '../budget/budget.ts';
import type { PingedAgent } from '../budget/metered-client.ts';
import { agentKey, type Presence, type Shift } from './agents.ts';
import { mostAffordable, pingEveryMs } from './ping-rate.ts';
import { agentsOnShift, mostOnShift } from './shifts.ts';

const minuteMs = 60_000;

/** In so many minutes everyone on shift had a turn. */
const lapMinutes = 4 * 60;

/** Far more minutes than one decision looks at. */
const remembered = 4096;

/**
 * Who is to be online in a minute (counted since 1970): those on shift, or, where they are too many, so many of them,
 * in turn. Each has the same share of a lap, and when someone comes or goes, the turn moves on by one place at most.
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

/** A time in which an agent is to be online without a break, the end excluded. Milliseconds since 1970. */
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

/**
 * Foresees the most pings of a schedule that pings each agent every `cadenceMs`, and runs up to `jitterMs` late.
 * @param onlineIn the agents to be online in a minute since 1970
 */
const upcomingPings = (onlineIn: OnlineIn, cadenceMs: number, jitterMs: number) => {
  const pingsIn = ({ start, end }: Stretch, from: number, to: number, last = 0): number => {
    const first = Math.max(start, from);
    const final = Math.min(end - 1, to);
    if (final < first) return 0;
    const withJitter = (ms: number) => Math.floor((ms + jitterMs) / cadenceMs);
    return Math.max(0, Math.min(1 + withJitter(final - first), withJitter(final - last)));
  };

  /** The pings in (now, now + stepMs], in (now, now + 2 stepMs] and so on, given when each agent was pinged last. */
  return (
    now: number,
    stepMs: number,
    steps: number,
    lastPings: Readonly<Record<string, number>>,
  ): number[] => {
    const stretches = stretchesIn(onlineIn, now, now + steps * stepMs);
    return Array.from({ length: steps }, (_, index) => {
      const to = now + (index + 1) * stepMs;
      return stretches.reduce((sum, stretch) => sum + pingsIn(stretch, now, to, lastPings[stretch.key]), 0);
    });
  };
};

/** An agent as it is pinged, with its shifts. */
export interface PlannedAgent extends PingedAgent {
  shifts: readonly Shift[];
}

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
  const agents = presence.agents.map((agent): PlannedAgent => {
    const { shifts, ...identity } = agent;
    return { key: agentKey(agent), identity, shifts };
  });
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
