import type { Shift } from './agents.ts';
import { agentsOnShift } from './on-shift.ts';

export const minuteMs = 60_000;

/** In so many minutes everyone on shift had a turn. */
const lapMinutes = 4 * 60;

/** Far more minutes than one decision looks at. */
const remembered = 4096;

/**
 * Who is to be online in a minute (counted since 1970): those on shift, or, where they are too many, so many of them,
 * in turn. Each has the same share of a lap, and when someone comes or goes, the turn moves on by one place at most.
 */
export const onlineByMinute = <Each extends { shifts: readonly Shift[] }>(
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
