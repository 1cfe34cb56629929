/** Samples under `events/` as entries for PutEvents. */
import * as z from 'zod/mini';

const sampleSchema = z.object({
  Records: z.array(z.object({ body: z.string() })).check(z.minLength(1), z.maxLength(10)),
});

const eventSchema = z.object({
  source: z.string(),
  'detail-type': z.string(),
  time: z.optional(z.iso.datetime({ offset: true })),
  detail: z.unknown(),
});

export type SampleEntry = { Source: string; DetailType: string; Detail: string; Time?: Date };

/**
 * The events in a queue's Lambda input, moved to now: the bridge tells no old news, and samples have fixed times. Every
 * instant in an event moves by the same span, so that what was earlier stays earlier.
 *
 * @throws Error naming the file and what is wrong with it
 */
export function entriesOf(sample: string, { file, now }: { file: string; now: Date }): SampleEntry[] {
  const input = sampleSchema.safeParse(parseJson(sample, file));
  if (!input.success) throw new Error(`${file} is no input from a queue:\n${z.prettifyError(input.error)}`);
  const events = input.data.Records.map(({ body }, index) => {
    const where = `${file}, body of record ${index + 1}`;
    const event = eventSchema.safeParse(parseJson(body, where));
    if (!event.success) throw new Error(`${where} is no EventBridge event:\n${z.prettifyError(event.error)}`);
    return event.data;
  });
  const times = events.flatMap(({ time }) => (time === undefined ? [] : Date.parse(time)));
  const shift = times.length === 0 ? 0 : now.getTime() - Math.max(...times);
  return events.map((event) => ({
    Source: event.source,
    DetailType: event['detail-type'],
    Detail: JSON.stringify(move(event.detail, shift)),
    ...(event.time !== undefined && { Time: new Date(Date.parse(event.time) + shift) }),
  }));
}

const instant = z.iso.datetime({ offset: true });

function move(value: unknown, shift: number): unknown {
  if (Array.isArray(value)) return value.map((item) => move(item, shift));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, move(item, shift)]));
  }
  if (typeof value === 'string' && instant.safeParse(value).success) {
    return new Date(Date.parse(value) + shift).toISOString();
  }
  return value;
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${where} is no JSON`, { cause });
  }
}
