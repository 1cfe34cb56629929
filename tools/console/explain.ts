/** What a payload would become: its events, and what they make of notices; or why nothing is sent. */
import * as z from 'zod/mini';
import { readEvent, type ShopEvent } from '../../lib/bus/events.ts';
import type { Config } from '../../lib/config/config.ts';
import { InvalidInput, parseJson } from '../../lib/runtime/parse.ts';
import { asDelivered, createPartnerReader } from '../../lib/sources/partners.ts';
import type { Reading } from '../../lib/sources/source.ts';
import { sourceNamed, sources } from '../../lib/sources/sources.ts';
import { explainEvent } from './explain-event.ts';
import type { Explained } from './state.ts';

export interface Payload {
  /** JSON: an event, a sample of `events/`, or the body of a webhook. */
  text: string;
  /** Who sent it, if it is the bare body of a webhook. */
  source?: string | undefined;
  /** The headers that came with it, in lower case, for senders that name the topic there. */
  headers?: Record<string, string>;
  config: Config;
  /** Milliseconds since 1970. */
  now: number;
}

const records = z.object({ Records: z.array(z.object({ body: z.string() })).check(z.minLength(1)) });

const request = z.object({
  rawPath: z.string().check(z.startsWith('/webhooks/')),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  isBase64Encoded: z._default(z.boolean(), false),
  requestContext: z.object({ timeEpoch: z.number() }),
});

const envelope = z.looseObject({
  source: z.optional(z.string()),
  'detail-type': z.string(),
  time: z.optional(z.string()),
  detail: z.unknown(),
});

const own = z.object({ type: z.string(), data: z.unknown() });

/** @throws {InvalidInput} if it is not JSON */
export const explain = (payload: Payload): Explained[] => {
  const value = parseJson(z.unknown(), payload.text, 'The payload');
  if (payload.source !== undefined) return [ofWebhook(payload, payload.source, payload.text)];
  const sample = request.safeParse(value).data;
  if (sample !== undefined) {
    const { rawPath, headers, body, isBase64Encoded, requestContext } = sample;
    const sent = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString();
    const arrived = {
      ...payload,
      headers: { ...headers, ...payload.headers },
      now: requestContext.timeEpoch,
    };
    return [ofWebhook(arrived, rawPath.replace('/webhooks/', ''), sent)];
  }
  const queued = records.safeParse(value).data;
  // A sample arrives at its own time, which is long ago.
  if (queued !== undefined)
    return queued.Records.map(({ body }) => {
      const event = jsonIn(body);
      const { time } = envelope.safeParse(event).data ?? {};
      return ofEvent({ ...payload, now: Date.parse(time ?? '') || payload.now }, event);
    });
  return [ofEvent(payload, value)];
};

/** The value, or undefined if it is not JSON. */
const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const ofWebhook = (payload: Payload, name: string, body: string): Explained => {
  const { config, headers = {}, now } = payload;
  const among = { ...sources, ...config.sources };
  const source = sourceNamed(name, among);
  const readAs = `webhook of ${name}`;
  if (source === undefined)
    return { readAs, nothing: `There is no such sender: ${Object.keys(among).join(', ')}`, events: [] };
  // Standard Webhooks take the event's id from a header.
  const delivered = {
    'webhook-id': 'preview',
    'webhook-timestamp': String(Math.floor(now / 1000)),
    ...headers,
  };
  return explained(
    readAs,
    () => source.read({ headers: delivered, query: {}, body: Buffer.from(body) }, now),
    payload,
  );
};

const ofEvent = (payload: Payload, value: unknown): Explained => {
  const time = new Date(payload.now).toISOString();
  const read = () => {
    const { type, data } = own.safeParse(value).data ?? {};
    const found = envelope.safeParse(value).data;
    const partner = createPartnerReader([found?.source ?? ''])(value);
    if (partner !== undefined) return partner.kind === 'events' ? partner.events : partner;
    if (type === undefined && found === undefined) throw new InvalidInput('The payload', [strange]);
    const detail = { metadata: { id: 'preview', timestamp: time }, data };
    return [readEvent(found ?? { 'detail-type': type, time, detail })];
  };
  return explained('event of the bus', read, payload);
};

const strange = {
  path: [],
  message: 'is neither an event nor a sample; if it is the body of a webhook, name its sender',
};

/** Explains what a function reads, or why it reads nothing. */
const explained = (readAs: string, read: () => Reading | ShopEvent[], payload: Payload): Explained => {
  try {
    const reading = read();
    const events = Array.isArray(reading) ? reading : shopEventsIn(reading);
    if (typeof events === 'string') return { readAs, nothing: events, events: [] };
    return { readAs, events: events.map((event) => explainEvent(event, payload)) };
  } catch (error) {
    if (error instanceof InvalidInput) return { readAs, nothing: error.message, events: [] };
    throw error;
  }
};

/** The events that the bridge acts on, or why there are none. */
const shopEventsIn = (reading: Reading): ShopEvent[] | string => {
  if (reading.kind === 'ignored') return `Ignored: ${reading.reason}`;
  const forBridge = reading.events.filter(({ type }) => !type.startsWith('conversation.'));
  if (forBridge.length === 0) return 'Only events for other systems: the conversation';
  return forBridge.map((event) => asDelivered(event, 'preview'));
};

/**
 * Headers as a command line has them, `name: value`.
 * @throws {InvalidInput} naming the one that has another form
 */
export const headersIn = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined)
        throw new InvalidInput('The header', [
          { path: [line.slice(0, 40)], message: 'expected name: value' },
        ]);
      return [name.toLowerCase(), value];
    }),
  );

/** The explanation for a terminal. */
export const linesOf = ({ readAs, nothing, events }: Explained): string[] => [
  `Read as: ${readAs}`,
  ...(nothing === undefined ? [] : [`Nothing is sent. ${nothing}`]),
  ...events.flatMap(({ type, data, notices }) => [
    '',
    `Event ${type}`,
    ...JSON.stringify(data, null, 2)
      .split('\n')
      .map((line) => `  ${line}`),
    ...notices.flatMap(({ reference, effect, texts }) => [
      `Notice ${reference}`,
      `  ${effect}`,
      ...texts.map(({ locale, text }) => `  ${locale.padEnd(5)} ${text ?? '— no message —'}`),
    ]),
  ]),
];
