/** Events of the bus: those that were seen, and those that the page sends. */
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod/mini';
import { readEvent } from '../../lib/bus/events.ts';
import { InvalidInput } from '../../lib/runtime/parse.ts';
import { credentials, region } from '../aws/account.ts';
import { entriesOf, type SampleEntry } from '../samples/events.ts';
import { freshWebhook } from '../samples/webhooks.ts';
import { type Act, action, faulty, NotDone } from './act.ts';
import type { Bus, Sample } from './state.ts';

const longest = 30;

const facts = z.object({
  data: z.object({
    orderId: z.optional(z.unknown()),
    shipmentId: z.optional(z.unknown()),
    refundId: z.optional(z.unknown()),
    status: z.optional(z.string()),
    reference: z.optional(z.string()),
    announcementId: z.optional(z.unknown()),
  }),
});

/** An event of the bus, as far as it is shown. */
interface BusEvent {
  id: string;
  'detail-type': string;
  source: string;
  detail: unknown;
}

/** Remembers the newest events of the bus. `now` in milliseconds since 1970. */
export const createSeenEvents = (now: () => number = Date.now) => {
  const bus: Bus = { total: 0, recent: [] };
  return {
    see: (event: BusEvent, queues: string[]): void => {
      bus.total++;
      bus.recent.unshift({
        id: event.id,
        at: now(),
        type: event['detail-type'],
        source: event.source,
        about: aboutOf(event.detail),
        isTaken: queues.length > 0,
      });
      bus.recent.splice(longest);
    },
    bus: (): Bus => bus,
  };
};

export type SeenEvents = ReturnType<typeof createSeenEvents>;

const aboutOf = (detail: unknown): string => {
  const { data } = facts.safeParse(detail).data ?? {};
  if (data === undefined) return '';
  const { orderId, shipmentId, refundId, status, reference, announcementId } = data;
  const parts = [
    orderId !== undefined && `order ${orderId}`,
    shipmentId !== undefined && `parcel ${shipmentId}`,
    refundId !== undefined && `refund ${refundId}`,
    announcementId !== undefined && `announcement ${announcementId}`,
    reference,
    status,
  ];
  return parts.filter((part) => typeof part === 'string').join(' ');
};

export type PutEvents = (entries: SampleEntry[]) => Promise<void>;

/** Puts events on the local bus, as any system of the shop would. */
export const createPutEvents = ({
  urls,
  buses: [bus],
}: {
  urls: { bus: string };
  buses: string[];
}): PutEvents => {
  const client = new EventBridgeClient({ endpoint: urls.bus, region, credentials, maxAttempts: 1 });
  return async (entries) => {
    const { Entries: results = [] } = await client.send(
      new PutEventsCommand({ Entries: entries.map((entry) => ({ ...entry, EventBusName: bus })) }),
    );
    const refused = results.find(({ ErrorCode }) => ErrorCode !== undefined);
    if (refused) throw new NotDone(`The event bus refused the event: ${refused.ErrorMessage}`);
  };
};

const ownEvent = z.object({ type: z.string(), data: z.unknown() });

/**
 * An event that somebody wrote in the page's editor, as it goes on the bus.
 *
 * @throws InvalidInput naming each field of `data` at fault, as the bridge would when it reads the event
 */
const checked = ({ type, data }: z.infer<typeof ownEvent>) => {
  const time = new Date().toISOString();
  const detail = { metadata: { id: randomUUID(), timestamp: time }, data };
  try {
    readEvent({ time, 'detail-type': type, detail });
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(
      `The event ${type}`,
      error.faults.map(({ path, message }) => ({
        path: path[0] === 'detail' ? path.slice(2) : path,
        message,
      })),
    );
  }
  return { Source: 'shop.console', DetailType: type, Detail: JSON.stringify(detail) };
};

/** Checks an event without sending it. Its faults are an answer, not an error. */
export const checkEvent: Act = action(ownEvent, async (event) => {
  try {
    checked(event);
    return 'The event is valid.';
  } catch (error) {
    if (error instanceof InvalidInput) return faulty(error);
    throw error;
  }
});

/** Puts an event on the bus if it is valid. */
export const sendEvent = (putEvents: PutEvents): Act =>
  action(ownEvent, async (event) => {
    await putEvents([checked(event)]);
    return `Sent ${event.type} to the event bus.`;
  });

const pattern = /^(push-message|receive-webhook)\.([\w-]+)\.json$/;

/** The samples in `events/` that can be sent: events for the bus, and webhooks. */
export const listSamples = async (folder: string): Promise<Sample[]> => {
  const files = await readdir(folder);
  return files.toSorted().flatMap((file): Sample[] => {
    const [, kind, name] = pattern.exec(file) ?? [];
    if (name === undefined) return [];
    const words = name.replaceAll('-', ' ');
    return [
      {
        file,
        kind: kind === 'push-message' ? 'event' : 'webhook',
        title: words.charAt(0).toUpperCase() + words.slice(1),
      },
    ];
  });
};

interface SampleOptions {
  folder: string;
  samples: readonly Sample[];
  putEvents: PutEvents;
  /** Address of the HTTP API. */
  httpApi: string;
}

const source = z.enum(['shopify', 'woocommerce', 'stripe', 'standard', 'brevo']);

/** Sends a sample with the present time: an event to the bus, a webhook to the HTTP API as its sender would sign it. */
export const sendSample = ({ folder, samples, putEvents, httpApi }: SampleOptions): Act =>
  action(z.object({ file: z.string() }), async ({ file }) => {
    const sample = samples.find((each) => each.file === file);
    if (sample === undefined) throw new NotDone(`There is no sample ${file}`);
    const text = await readFile(join(folder, file), 'utf8');
    if (sample.kind === 'webhook') return sendWebhook(text, { file, httpApi });
    const entries = entriesOf(text, { file, now: new Date() });
    await putEvents(entries);
    return `Sent ${entries.map(({ DetailType }) => DetailType).join(', ')} to the event bus.`;
  });

const sendWebhook = async (text: string, { file, httpApi }: { file: string; httpApi: string }) => {
  const sender = z.parse(source, file.split('.')[1]?.split('-')[0]);
  const { headers, body } = freshWebhook(text, { file, source: sender, now: Date.now() });
  const response = await fetch(`${httpApi}/webhooks/${sender}`, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new NotDone(`The webhook was refused with status ${response.status}`);
  return `The ${sender} webhook was accepted with status ${response.status}.`;
};
