import * as z from 'zod/mini';
import { readEvent } from '../../bus/events.ts';
import { absent, envelopeTime, line } from '../../bus/fields.ts';
import { InvalidInput, parse } from '../../runtime/parse.ts';
import type { Reading } from '../source.ts';
import { ignored, quoted } from '../source.ts';

/**
 * `{ type, timestamp, data }`, as Standard Webhooks recommends, or the bus's `{ metadata, data }`, whose metadata may
 * contain the type and the time.
 */
const message = z.object({
  type: absent(line),
  timestamp: z.optional(z.unknown()),
  metadata: z.catch(z.object({ type: absent(line), timestamp: z.optional(z.unknown()) }), {}),
  data: z.optional(z.unknown()),
});
const raw = z.object({ data: z.looseObject({}) });

const types = [
  'order.status_changed',
  'parcel.status_changed',
  'announcement.published',
  'notice.requested',
  'notice.withdrawn',
];

/**
 * Reads one of the bridge's own events. Its id is the delivery's, which is signed and stays the same when the
 * delivery is repeated. Its time is the one given in the body, otherwise the signed one.
 * @param signed what is signed besides the body; times in milliseconds since 1970
 * @throws {InvalidInput} naming every invalid field
 */
export const eventIn = (
  body: unknown,
  signed: { id: string; at: number } | undefined,
  now: number,
): Reading => {
  if (signed === undefined) throw invalid([{ path: ['webhook-id'], message: 'is missing' }]);
  const { timestamp, metadata, data, ...own } = parse(message, body, 'The webhook');
  const type = own.type ?? metadata.type;
  if (type === undefined) throw invalid([{ path: ['type'], message: 'is missing' }]);
  if (!types.includes(type)) return ignored(`unknown type: ${quoted(type)}`);
  const arrived = new Date(signed.at).toISOString();
  const dated = metadata.timestamp ?? timestamp ?? arrived;
  const { at } = check(
    { 'detail-type': type, time: arrived, detail: { metadata: { id: signed.id, timestamp: dated }, data } },
    metadata.timestamp == null ? ['timestamp'] : ['metadata', 'timestamp'],
  );
  return {
    kind: 'events',
    events: [
      {
        type,
        id: signed.id,
        at: envelopeTime(at, now, signed.at),
        data: parse(raw, body, 'The webhook').data,
      },
    ],
  };
};

/** Validates the event as it will be on the bus, and names the invalid fields by their paths in the webhook. */
const check = (event: unknown, timestampPath: string[]): { at: number } => {
  try {
    return { at: readEvent(event).metadata.timestamp };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw invalid(
      error.faults.map(({ path: [, part, ...rest], message }) => ({
        path: part === 'metadata' ? timestampPath : [...(part === undefined ? [] : [part]), ...rest],
        message,
      })),
    );
  }
};

const invalid = (faults: InvalidInput['faults']): InvalidInput => new InvalidInput('The webhook', faults);
