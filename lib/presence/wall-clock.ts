import { weekdays } from './agents.ts';

/** Making a format takes far longer than using it. */
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
 * What a clock on the wall shows.
 * @param now a date or epoch milliseconds
 * @returns the day as an index of `weekdays`, the time such as `09:00`
 */
export const wallClock = (timeZone: string, now: Date | number): { day: number; time: string } => {
  const parts = formatIn(timeZone).formatToParts(now);
  const { weekday = '', hour, minute } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return { day: dayNames.indexOf(weekday.toLowerCase()), time: `${hour}:${minute}` };
};
