import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { type Logger, messages } from '../runtime/log.ts';
import { type Metrics, metricNames } from '../runtime/metrics.ts';
import { InvalidInput, parseJson } from '../runtime/parse.ts';
import type { DeadLetter } from './dead-letters.ts';
import { readEvent, type ShopEvent, UnknownStatus } from './events.ts';

/** What an event asks for. */
export interface Mapped<Request> {
  /** Those of the event itself, and of earlier events that waited for it. */
  requests: { eventId: string; request: Request }[];
  /** To be called once all of them are stored. */
  settle?: () => Promise<void>;
}

/** The events that an event of a partner becomes, or why it becomes none. */
export type PartnerReading =
  | { kind: 'events'; events: ShopEvent[] }
  | { kind: 'ignored'; partner: string; reason: string };

/** What reading a queue of events needs. */
export interface Reading<Request> {
  /**
   * Maps an event to requests.
   * @throws {InvalidInput} if the event cannot be mapped
   */
  mapEvent: (event: ShopEvent) => Promise<Mapped<Request>>;
  /**
   * Reads an event of a partner's bus.
   * @returns undefined for any other event
   * @throws {InvalidInput} if the event cannot be read, or its source is not configured
   */
  readPartner: (event: unknown) => PartnerReading | undefined;
  /** Stores input that can never be read, for an operator to find. */
  deadLetter: DeadLetter;
  logger: Logger;
  metrics: Metrics;
}

/** A request of an event, and the record that brought it. */
export interface AskedBy<Request> {
  recordId: string;
  eventId: string;
  request: Request;
}

/** A record that was read. */
export interface Read<Request> {
  recordId: string;
  asked: AskedBy<Request>[];
  settle?: Mapped<Request>['settle'];
}

/**
 * Reads the event in a record. An event that can never be read goes to the dead-letter queue.
 * @param again receives the id of a record that SQS must deliver again
 */
export const readRecord = async <Request>(
  reading: Reading<Request>,
  { messageId: recordId, body }: SQSRecord,
  again: Set<string>,
): Promise<Read<Request>> => {
  const { mapEvent, logger, metrics } = reading;
  try {
    const mapped: Mapped<Request>[] = [];
    for (const event of eventsIn(reading, recordId, body)) mapped.push(await mapEvent(event));
    const settles = mapped.flatMap(({ settle }) => settle ?? []);
    return {
      recordId,
      asked: mapped.flatMap(({ requests }) => requests.map((each) => ({ recordId, ...each }))),
      ...(settles.length > 0 && { settle: inTurn(settles) }),
    };
  } catch (error) {
    if (error instanceof UnknownStatus) {
      logger.error(messages.unknownStatus, { recordId, status: error.status });
      metrics.addMetric(metricNames.unknownStatus, MetricUnit.Count, 1);
      if (error.isFromWebhook) return { recordId, asked: [] };
    }
    if (
      error instanceof InvalidInput &&
      (await isDeadLettered(reading, { recordId, body, reason: error.message }))
    ) {
      return { recordId, asked: [] };
    }
    // For example, a text function throws. The event is retried, so it succeeds once the function is fixed.
    if (!(error instanceof InvalidInput))
      logger.error(messages.notMapped, { recordId, reason: String(error) });
    again.add(recordId);
    return { recordId, asked: [] };
  }
};

const inTurn = (settles: readonly (() => Promise<void>)[]) => async (): Promise<void> => {
  for (const settle of settles) await settle();
};

const eventsIn = (
  { readPartner, logger, metrics }: Reading<unknown>,
  recordId: string,
  body: string,
): ShopEvent[] => {
  const value = parseJson(z.unknown(), body, 'The event');
  const read = readPartner(value);
  switch (read?.kind) {
    case undefined:
      return [readEvent(value)];
    case 'events':
      return read.events;
    case 'ignored': {
      const { partner, reason } = read;
      logger.info(messages.partnerIgnored, { recordId, partner, reason });
      metrics.addMetric(metricNames.partnerIgnored, MetricUnit.Count, 1);
      return [];
    }
  }
};

const isDeadLettered = async (
  { deadLetter, logger, metrics }: Reading<unknown>,
  { recordId, body, reason }: { recordId: string; body: string; reason: string },
): Promise<boolean> => {
  try {
    await deadLetter(body, reason);
    logger.error(messages.unreadable, { recordId, reason });
    metrics.addMetric(metricNames.unreadable, MetricUnit.Count, 1);
    return true;
  } catch (error) {
    logger.error(messages.notDeadLettered, { recordId, reason, cause: String(error) });
    return false;
  }
};
