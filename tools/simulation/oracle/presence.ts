/** Whether the agents were kept online, told from the pings in Brevo's log. */
import type { Call, LoggedRequest } from '../brevo-wire.ts';

const longestMs = 180_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface Shift {
  id: string;
  /** Hours of each day, in UTC. */
  from: number;
  to: number;
}

export interface PingRecord {
  requests: readonly LoggedRequest[];
  calls: readonly Call[];
  /** Milliseconds since 1970. */
  from: number;
  end: number;
  limitChange: { at: number } | undefined;
}

/** How often an agent on shift went without a ping for longer than 180 s, unless Brevo failed or lowered the limit meanwhile. */
export const countPingGaps = (shifts: readonly Shift[], record: PingRecord): number => {
  const { requests, calls, limitChange } = record;
  const disturbances = calls
    .filter(({ trouble }) => trouble.isRefused || trouble.isRevoked || trouble.fault !== undefined)
    .map(({ at }) => at);
  if (limitChange !== undefined) disturbances.push(limitChange.at);
  let gaps = 0;
  for (const { id, from, to } of shifts) {
    const pings = requests
      .filter(({ changed, target }) => changed === 'pinged' && target === id)
      .map(({ time }) => time);
    for (const [start, end] of stretches({ from, to }, record)) {
      const times = [start, ...pings.filter((time) => time > start && time < end), end];
      for (const [index, time] of times.entries()) {
        const next = times[index + 1] ?? time;
        const isExcused = disturbances.some((at) => at >= time && at <= next);
        if (next - time > longestMs && !isExcused) gaps++;
      }
    }
  }
  return gaps;
};

/** The shifts of all days, as far as somebody watched. */
const stretches = (
  { from, to }: Pick<Shift, 'from' | 'to'>,
  { from: start, end }: PingRecord,
): [number, number][] => {
  const firstDay = Math.floor(start / dayMs);
  const days = Array.from(
    { length: Math.ceil(end / dayMs) - firstDay },
    (_, day) => (firstDay + day) * dayMs,
  );
  return days
    .map((day): [number, number] => [Math.max(start, day + from * hourMs), Math.min(end, day + to * hourMs)])
    .filter(([first, last]) => first < last);
};
