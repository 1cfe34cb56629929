import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';

/** An event that the bridge publishes. */
export interface OutgoingEvent {
  type: string;
  /** The same each time the same event is published. */
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  data: object;
}

/** The code of an event that EventBridge takes on no attempt. */
export const tooLargeCode = 'EntryTooLarge';

/** Some events are not known to be on the bus. */
export class PublishFailed extends Error {
  override readonly name = 'PublishFailed';
  /** Each event with the error code from EventBridge, or `tooLargeCode`. */
  readonly failed: readonly { event: OutgoingEvent; code: string }[];

  constructor(failed: readonly { event: OutgoingEvent; code: string }[], options?: ErrorOptions) {
    const named = failed.map(({ event, code }) => `${event.type} ${event.id}: ${code}`);
    super(`${failed.length} events could not be put on the bus: ${named.join('; ')}`, options);
    this.failed = failed;
  }
}

export interface PublisherOptions {
  client: EventBridgeClient;
  busName: string;
  source: string;
  /** Waits for this many milliseconds. */
  pause: (milliseconds: number) => Promise<void>;
}

// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
const mostEntries = 10;
/** EventBridge and SQS both take 1 MiB. In a queue, an event is larger than its entry, by the fields of AWS. */
const mostBytes = 1024 * 1024 - 1024;

/** Some partitions of AWS take no larger entry: https://docs.amazonaws.cn/eventbridge/latest/userguide/eb-putevent-size.html */
const safeBytes = 256 * 1024 - 1;

/** EventBridge refuses a call as a whole if it is too large. */
const isTooLarge = (cause: unknown): boolean =>
  cause instanceof Error && cause.name === 'ValidationException' && /\bsize\b/i.test(cause.message);

const attempts = 3;

interface Packed {
  event: OutgoingEvent;
  entry: PutEventsRequestEntry;
  bytes: number;
}

interface Refused {
  packed: Packed;
  code: string;
  /** The error, if the whole call failed. */
  cause?: unknown;
}

/**
 * Puts events on the bus, in calls of up to ten entries and below the size limit. EventBridge may answer 200 and
 * still refuse entries. Refused entries are sent again, up to twice, after a growing pause.
 * @throws {PublishFailed} naming each event that is not known to be on the bus; all others are
 */
export const createPublisher = (options: PublisherOptions) => {
  const { client, pause } = options;

  /** The events of one call that are not known to be on the bus. */
  const put = async (batch: readonly Packed[]): Promise<Refused[]> => {
    try {
      const { Entries = [] } = await client.send(
        new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) }),
      );
      return batch.flatMap((packed, index) => {
        const { EventId, ErrorCode = 'NotConfirmed' } = Entries[index] ?? {};
        return EventId === undefined ? [{ packed, code: ErrorCode }] : [];
      });
    } catch (cause) {
      const named = cause instanceof Error ? cause.name : 'Unknown';
      const code = isTooLarge(cause) ? tooLargeCode : named;
      return batch.map((packed) => ({ packed, code, cause }));
    }
  };

  const putStubbornly = async (batch: readonly Packed[], attempt = 1): Promise<Refused[]> => {
    const refused = await put(batch);
    if (batch.length > 1 && refused.some(({ cause }) => isTooLarge(cause))) {
      const each: Refused[] = [];
      for (const packed of batch) each.push(...(await putStubbornly([packed], attempt)));
      return each;
    }
    // If the whole call failed, the SDK has already repeated it.
    const callFailed = refused.some(({ cause }) => cause !== undefined);
    if (refused.length === 0 || callFailed || attempt === attempts) return refused;
    await pause(100 * 2 ** attempt);
    return putStubbornly(
      refused.map(({ packed }) => packed),
      attempt + 1,
    );
  };

  return async (events: readonly OutgoingEvent[]): Promise<void> => {
    const packed = events.map((event) => pack(event, options));
    const refused: Refused[] = packed
      .filter(({ bytes }) => bytes > mostBytes)
      .map((tooLarge) => ({ packed: tooLarge, code: tooLargeCode }));
    for (const batch of batches(packed.filter(({ bytes }) => bytes <= mostBytes)))
      refused.push(...(await putStubbornly(batch)));
    if (refused.length === 0) return;
    const failed = refused.map(({ packed: { event }, code }) => ({ event, code }));
    throw new PublishFailed(failed, { cause: refused.find(({ cause }) => cause !== undefined)?.cause });
  };
};

/** An event that is too large with its items goes without them: only a text that lists them needs them. */
const pack = (event: OutgoingEvent, options: PublisherOptions): Packed => {
  const whole = packWith(event, event.data, options);
  if (whole.bytes <= safeBytes || !('items' in event.data)) return whole;
  const { items: _, ...data } = event.data;
  return packWith(event, data, options);
};

/**
 * The detail of an event on the bus.
 * @param service what published it
 */
export const detailOf = ({ type, id, at, data }: OutgoingEvent, service: string) => ({
  metadata: {
    id,
    version: '1',
    timestamp: new Date(at).toISOString(),
    domain: 'conversations',
    service,
    type,
  },
  data,
});

const packWith = (event: OutgoingEvent, data: object, { busName, source }: PublisherOptions): Packed => {
  const { type, at } = event;
  const time = new Date(at);
  const Detail = JSON.stringify(detailOf({ ...event, data }, source));
  const entry = { EventBusName: busName, Source: source, DetailType: type, Time: time, Detail };
  // AWS counts 14 bytes for the time, plus the UTF-8 length of the rest.
  return { event, entry, bytes: 14 + Buffer.byteLength(source + type + Detail) };
};

const batches = (all: readonly Packed[]): Packed[][] => {
  const made: Packed[][] = [];
  let room = 0;
  for (const packed of all) {
    const current = made.at(-1);
    if (current === undefined || current.length === mostEntries || packed.bytes > room) {
      made.push([packed]);
      room = mostBytes - packed.bytes;
    } else {
      current.push(packed);
      room -= packed.bytes;
    }
  }
  return made;
};
