import { type Shift, weekdays } from './agents.ts';

/** Making a format takes far longer than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

const wallClock = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known) return known;
  const options = {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  } as const;
  const format = new Intl.DateTimeFormat('en-US', options);
  formats.set(timeZone, format);
  return format;
};

const dayNames: readonly string[] = weekdays;

const isOn = ({ days, from, to, timeZone }: Shift, now: Date | number): boolean => {
  const parts = wallClock(timeZone).formatToParts(now);
  const { weekday = '', hour, minute } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const today = dayNames.indexOf(weekday.toLowerCase());
  const time = `${hour}:${minute}`;
  const starts = (day: number) => days.some((each) => each === dayNames.at(day));
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
