import { type Shift, weekdays } from './agents.ts';

/** Creating a format takes far longer than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

const formatIn = (timeZone: string): Intl.DateTimeFormat => {
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

/**
 * The local day and time in a time zone.
 * @param now a date or epoch milliseconds
 * @returns the day as an index of `weekdays`, and the time, such as `09:00`
 */
const wallClock = (timeZone: string, now: Date | number): { day: number; time: string } => {
  const parts = formatIn(timeZone).formatToParts(now);
  const { weekday = '', hour, minute } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return { day: dayNames.indexOf(weekday.toLowerCase()), time: `${hour}:${minute}` };
};

const isOn = ({ days, from, to, timeZone }: Shift, now: Date | number): boolean => {
  const { day: today, time } = wallClock(timeZone, now);
  const starts = (day: number) => days.some((each) => each === weekdays.at(day));
  if (from < to) return starts(today) && from <= time && time < to;
  return (starts(today) && from <= time) || (starts(today - 1) && time < to);
};

/**
 * The agents on shift at a moment. Shifts follow local time. When the clock goes forward, a shift within the skipped
 * hour does not take place; when it goes back, the repeated hour counts twice.
 * @param now a date or epoch milliseconds
 */
export const agentsOnShift = <Each extends { shifts: readonly Shift[] }>(
  agents: readonly Each[],
  now: Date | number,
): Each[] => agents.filter(({ shifts }) => shifts.some((shift) => isOn(shift, now)));

const dayMinutes = 24 * 60;
const weekMinutes = 7 * dayMinutes;

/** A remainder that is never negative. */
const modulo = (value: number, by: number): number => ((value % by) + by) % by;

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

/** How far a zone's local time is ahead of UTC, in minutes, modulo a week. */
const aheadOfUtc = (timeZone: string, at: number): number => {
  const minuteOfWeek = ({ day, time }: ReturnType<typeof wallClock>) => day * dayMinutes + minutesOf(time);
  return modulo(minuteOfWeek(wallClock(timeZone, at)) - minuteOfWeek(wallClock('UTC', at)), weekMinutes);
};

// Clocks change at weekends. The year is fixed, so that a configuration that was valid when deployed stays valid.
const wednesdays = Array.from({ length: 53 }, (_, week) => Date.UTC(2028, 0, 5 + 7 * week, 12));

/**
 * One moment for each combination of UTC offsets that the zones have in a year. Zones do not change their clocks on
 * the same day.
 */
const momentsOfYear = (timeZones: readonly string[]): number[] => {
  const moments = new Map(
    wednesdays.map((day) => [timeZones.map((timeZone) => aheadOfUtc(timeZone, day)).join(), day]),
  );
  return [...moments.values()];
};

interface Stretch {
  /** Minute of the week, UTC. */
  start: number;
  minutes: number;
  when: string;
}

/** The shift's periods in a week, with the UTC offset of a given moment. */
const stretchesOf = ({ days, from, to, timeZone }: Shift, moment: number): Stretch[] => {
  const starts = minutesOf(from) - aheadOfUtc(timeZone, moment);
  const minutes = modulo(minutesOf(to) - minutesOf(from) - 1, dayMinutes) + 1;
  return days.map((day) => ({
    start: modulo(weekdays.indexOf(day) * dayMinutes + starts, weekMinutes),
    minutes,
    when: `${day.charAt(0).toUpperCase()}${day.slice(1)} ${from} ${timeZone}`,
  }));
};

const covers = ({ start, minutes }: Stretch, minute: number): boolean =>
  modulo(minute - start, weekMinutes) < minutes;

/**
 * The highest number of agents ever on shift at the same time, across time zones, and the start of the shift at which
 * this first happens. It does not read the clock, and takes a few milliseconds. Undefined if there are no agents.
 */
export const mostOnShift = (
  agents: readonly { shifts: readonly Shift[] }[],
): { agents: number; when: string } | undefined => {
  const timeZones = new Set(agents.flatMap(({ shifts }) => shifts.map(({ timeZone }) => timeZone)));
  let most: { agents: number; when: string } | undefined;
  for (const moment of momentsOfYear([...timeZones])) {
    const week = agents.map(({ shifts }) => shifts.flatMap((shift) => stretchesOf(shift, moment)));
    for (const { start, when } of week.flat()) {
      const onShift = week.filter((stretches) => stretches.some((each) => covers(each, start))).length;
      if (onShift > (most?.agents ?? 0)) most = { agents: onShift, when };
    }
  }
  return most;
};
