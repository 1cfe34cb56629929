/** The events that somebody writes in the page's editor: they are checked more strictly than the bridge does. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { events, readEvent } from '../../lib/bus/events.ts';
import type { Config } from '../../lib/config/config.ts';
import type { Request } from '../../lib/notices/ingest.ts';
import { locatedAt, mapEvent } from '../../lib/orders/map-event.ts';
import { type Fault, InvalidInput } from '../../lib/runtime/parse.ts';
import { type Act, action, faulty } from './act.ts';
import type { PutEvents } from './events.ts';
import { explain, headersIn } from './explain.ts';

const ownEvent = z.object({ type: z.string(), data: z.unknown() });
type OwnEvent = z.infer<typeof ownEvent>;

const detailOf = (data: unknown, now: number) => ({
  metadata: { id: randomUUID(), timestamp: new Date(now).toISOString() },
  data,
});

/** The event, as if the order of a carrier's event were known. */
const read = ({ type, data }: OwnEvent, now: number) => {
  const event = readEvent({
    time: new Date(now).toISOString(),
    'detail-type': type,
    detail: detailOf(data, now),
  });
  return event.type === 'parcel.status_changed'
    ? locatedAt(event, { orderId: '1', shipmentId: undefined })
    : event;
};

/** The faults that something throws, by their place in the data. */
const faultsOf = (act: () => unknown): Fault[] => {
  try {
    act();
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.faults.map(({ path, message }) => ({
      path: path[0] === 'detail' ? path.slice(2) : path,
      message,
    }));
  }
};

/** A sound event of each type, whose fields take the place of those at fault. */
const sound: Record<string, object> = {
  'order.status_changed': { orderId: '1', status: 'paid' },
  'parcel.status_changed': { trackingNumber: '1', status: 'shipped' },
  'announcement.published': { announcementId: '1', visitorIds: ['1'], text: '1' },
  'notice.requested': { reference: '1', text: '1' },
};

/**
 * Every fault of an event: those for which the bridge would refuse it, and fields and dates that it would take, but that
 * nobody means.
 */
const faultsIn = ({ type, data }: OwnEvent, config: Config, now: number): Fault[] => {
  const given = z.record(z.string(), z.unknown()).safeParse(data).data ?? {};
  const faults: Fault[] = [];
  let requests: Request[] = [];
  const map = (data: unknown) => {
    requests = mapEvent({ config, visitorIdOf: (customerId) => customerId })(read({ type, data }, now));
  };
  // What is found last needs the rest to be sound.
  for (let found = faultsOf(() => map(data)); found.length > 0; ) {
    faults.push(...found);
    const atFault = new Set(faults.map(({ path }) => path[0]));
    const rest = Object.entries(given).filter(([field]) => !atFault.has(field));
    const repaired = { occurredAt: new Date(now).toISOString(), ...sound[type], ...Object.fromEntries(rest) };
    found = faultsOf(() => map(repaired)).filter(({ path }) => !atFault.has(path[0]));
  }
  return [...faults, ...unknownFields(type, given), ...lateness(requests, given.expiresAt, now)];
};

/** A date that has passed keeps a message from being sent, without a word. */
const lateness = ([request]: readonly Request[], expiresAt: unknown, now: number): Fault[] => {
  if (request?.kind !== 'desire' || request.incoming.desired.postBy > now) return [];
  return Date.parse(String(expiresAt)) === request.incoming.desired.postBy
    ? [{ path: ['expiresAt'], message: 'is over: no message is sent' }]
    : [
        {
          path: ['occurredAt'],
          message: 'is too old: no message is sent for it (freshnessHours of bridge.config.ts)',
        },
      ];
};

const unknownFields = (type: string, data: object): Fault[] => {
  const known = new Map<string, (typeof events)[keyof typeof events]>(Object.entries(events)).get(type);
  if (known === undefined) return [];
  const schema = z.toJSONSchema(known.shape.detail.shape.data, { io: 'input', unrepresentable: 'any' });
  return beyond(schema, data).map((path) => ({ path, message: `is no field of ${type}` }));
};

/** The paths of the fields of a value that its schema does not name. */
const beyond = (schema: z.core.JSONSchema._JSONSchema, value: unknown): PropertyKey[][] => {
  if (typeof schema === 'boolean' || typeof value !== 'object' || value === null) return [];
  const { properties, items, anyOf = [] } = schema;
  const within = (child: z.core.JSONSchema._JSONSchema, key: string) =>
    beyond(child, Object.entries(value).find(([name]) => name === key)?.[1]).map((path) => [key, ...path]);
  if (Array.isArray(value) && items !== undefined && !Array.isArray(items))
    return Object.keys(value).flatMap((index) => within(items, index));
  if (properties !== undefined)
    return Object.keys(value).flatMap((key) => {
      const child = Object.hasOwn(properties, key) ? properties[key] : undefined;
      return child === undefined ? [[key]] : within(child, key);
    });
  return anyOf.flatMap((each) => beyond(each, value));
};

/**
 * An event as it goes on the bus.
 *
 * @throws InvalidInput naming each field of `data` at fault
 */
const checked = (event: OwnEvent, config: Config) => {
  const now = Date.now();
  const faults = faultsIn(event, config, now);
  if (faults.length > 0) throw new InvalidInput(`The event ${event.type}`, faults);
  const Detail = JSON.stringify(detailOf(event.data, now));
  return { Source: 'shop.console', DetailType: event.type, Detail };
};

/** Checks an event without sending it. Its faults are an answer, not an error. */
export const checkEvent = (config: () => Config): Act =>
  action(ownEvent, async (event) => {
    try {
      checked(event, config());
      return 'The event is valid.';
    } catch (error) {
      if (error instanceof InvalidInput) return faulty(error);
      throw error;
    }
  });

const pasted = z.object({ text: z.string(), source: z.string(), headers: z.string() });

/** Explains what a payload would become, without sending it. */
export const explainPayload = (config: () => Config): Act =>
  action(pasted, async ({ text, source, headers }) => {
    const lines = headers.split('\n').filter((line) => line.trim() !== '');
    const sent = { text, source: source || undefined, headers: headersIn(lines) };
    return { done: '', explained: explain({ ...sent, config: config(), now: Date.now() }) };
  });

/** Puts an event on the bus if it is valid. */
export const sendEvent = (putEvents: PutEvents, config: () => Config): Act =>
  action(ownEvent, async (event) => {
    await putEvents([checked(event, config())]);
    return `Sent ${event.type} to the event bus.`;
  });
