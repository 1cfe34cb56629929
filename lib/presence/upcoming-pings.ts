import { minuteMs } from './online.ts';

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
export const upcomingPings = (onlineIn: OnlineIn, cadenceMs: number, jitterMs: number) => {
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
