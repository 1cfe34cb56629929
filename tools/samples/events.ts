/** The samples of events under `events/`, as entries for PutEvents. */
import * as z from 'zod/mini';
import { parseJson } from '../../lib/runtime/parse.ts';
import { isOfPartner } from '../aws/put-events.ts';

/** The input of a Lambda function that a queue feeds, as far as it matters here. */
const sampleSchema = z.object({
  Records: z.array(z.object({ body: z.string() })).check(z.minLength(1), z.maxLength(10)),
});

const eventSchema = z.object({
  source: z.string(),
  'detail-type': z.string(),
  time: z.optional(z.iso.datetime({ offset: true })),
  detail: z.unknown(),
});

export interface SampleEntry {
  Source: string;
  DetailType: string;
  Detail: string;
  Time?: Date;
}

/**
 * The events of a sample, moved to now: the bridge does not report old events, and samples have fixed times. Every instant
 * in an event moves by the same span, so that what was earlier stays earlier, and every day by the nearest number of days.
 *
 * @param sample the text of the file
 * @throws {InvalidInput} naming the file and what is wrong with it
 */
export const entriesOf = (sample: string, { file, now }: { file: string; now: Date }): SampleEntry[] => {
  const events = parseJson(sampleSchema, sample, file).Records.map(({ body }, index) =>
    parseJson(eventSchema, body, `${file}: the body of record ${index + 1}`),
  );
  const times = events.flatMap(({ time }) => (time === undefined ? [] : Date.parse(time)));
  const latest = times.length === 0 ? now.getTime() : Math.max(...times);
  const shift = now.getTime() - latest;
  return events.map((event) => ({
    Source: event.source,
    DetailType: event['detail-type'],
    Detail: JSON.stringify(move(event.detail, latest, shift)),
    ...(event.time !== undefined && { Time: new Date(Date.parse(event.time) + shift) }),
  }));
};

/** The bodies of a sample if one of them is no event, which the bus would refuse. */
export const bodiesOf = (sample: string, file: string): string[] | undefined => {
  const bodies = parseJson(sampleSchema, sample, file).Records.map(({ body }) => body);
  try {
    for (const body of bodies) parseJson(eventSchema, body, file);
    return undefined;
  } catch {
    return bodies;
  }
};

/** Puts an entry on its bus: a partner's event on the bus of the source's name, any other on the bridge's own. */
export const onBus = (entry: SampleEntry, own: string | undefined) => ({
  ...entry,
  EventBusName: isOfPartner(entry.Source) ? entry.Source : own,
});

const dayMs = 86_400_000;
const instant = z.iso.datetime({ offset: true });
const day = z.iso.date();

/** Stripe's times are seconds since 1970. A number further from the sample's time than 60 days is none. */
const isSecond = (value: number, at: number): boolean => Math.abs(value * 1000 - at) < 60 * dayMs;

const move = (value: unknown, at: number, shift: number): unknown => {
  if (Array.isArray(value)) return value.map((item) => move(item, at, shift));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, move(item, at, shift)]));
  if (typeof value === 'number') return isSecond(value, at) ? Math.floor(value + shift / 1000) : value;
  if (day.safeParse(value).success)
    return new Date(Date.parse(String(value)) + Math.round(shift / dayMs) * dayMs).toISOString().slice(0, 10);
  return instant.safeParse(value).success ? new Date(Date.parse(String(value)) + shift).toISOString() : value;
};
