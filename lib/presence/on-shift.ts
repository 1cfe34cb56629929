import { type Shift, weekdays } from './agents.ts';
import { wallClock } from './wall-clock.ts';

const isOn = ({ days, from, to, timeZone }: Shift, now: Date | number): boolean => {
  const { day: today, time } = wallClock(timeZone, now);
  const starts = (day: number) => days.some((each) => each === weekdays.at(day));
  if (from < to) return starts(today) && from <= time && time < to;
  return (starts(today) && from <= time) || (starts(today - 1) && time < to);
};

/**
 * The agents with a shift at this moment. Shifts go by the clock on the wall: where the clock is put forward, a shift
 * within the missing hour does not take place; where it is put back, the repeated hour counts twice.
 * @param now a date or epoch milliseconds
 */
export const agentsOnShift = <Each extends { shifts: readonly Shift[] }>(
  agents: readonly Each[],
  now: Date | number,
): Each[] => agents.filter(({ shifts }) => shifts.some((shift) => isOn(shift, now)));
