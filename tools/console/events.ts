/** Events of the bus: those that were seen, and those that the page sends. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod/mini';
import { credentials, region } from '../aws/account.ts';
import { entriesOf, onBus, type SampleEntry } from '../samples/events.ts';
import { configuredSources } from '../samples/send.ts';
import { freshWebhook, sendWebhook } from '../samples/webhooks.ts';
import { type Act, action, NotDone } from './act.ts';
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
export interface BusEvent {
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
      new PutEventsCommand({ Entries: entries.map((entry) => onBus(entry, bus)) }),
    );
    const refused = results.find(({ ErrorCode }) => ErrorCode !== undefined);
    if (refused) throw new NotDone(`The event bus refused the event: ${refused.ErrorMessage}`);
  };
};

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

/** Sends a sample with the present time: an event to the bus, a webhook to the HTTP API as its sender would sign it. */
export const sendSample = ({ folder, samples, putEvents, httpApi }: SampleOptions): Act =>
  action(z.object({ file: z.string() }), async ({ file }) => {
    const sample = samples.find((each) => each.file === file);
    if (sample === undefined) throw new NotDone(`There is no sample ${file}`);
    const text = await readFile(join(folder, file), 'utf8');
    if (sample.kind === 'webhook') {
      const response = await sendWebhook(freshWebhook(text, { file, now: Date.now() }), {
        httpApi,
        among: await configuredSources(),
      });
      if (!response.ok) throw new NotDone(`The webhook was refused with status ${response.status}`);
      return `The webhook was accepted with status ${response.status}.`;
    }
    const entries = entriesOf(text, { file, now: new Date() });
    await putEvents(entries);
    return `Sent ${entries.map(({ DetailType }) => DetailType).join(', ')} to the event bus.`;
  });
