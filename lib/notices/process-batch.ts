import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSBatchItemFailure, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import type { DeadLetter } from '../bus/dead-letters.ts';
import { readEvent, type ShopEvent } from '../bus/events.ts';
import { messages } from '../runtime/log.ts';
import { type Metrics, metricNames } from '../runtime/metrics.ts';
import { InvalidInput, parseJson } from '../runtime/parse.ts';
import { type Ingested, ingest, type Request } from './ingest.ts';
import { type Notice, stateOf } from './notice.ts';
import { collectingOutcomes } from './outcomes.ts';
import { reconcile } from './reconcile.ts';
import type { Bridge, Worker } from './worker.ts';

export interface BatchDeps extends Bridge {
  /**
   * What an event asks for.
   * @throws {InvalidInput} for what no notice can be made of
   */
  mapEvent: (event: ShopEvent) => Request[];
  /** Puts what can never be read where an operator will find it. */
  deadLetter: DeadLetter;
}

type BatchWorker = BatchDeps & Worker;

/**
 * Processes a batch of events: first everything they ask for is stored, then Brevo is called as far as budget and time
 * allow. What is left is safe in its notice, where `deliverPending` finds it.
 * @returns the records to be delivered again: what could not be stored
 */
export const processBatch = async (
  worker: BatchWorker,
  records: readonly SQSRecord[],
): Promise<SQSBatchItemFailure[]> => {
  const again = new Set<string>();
  const read = await Promise.all(records.map((record) => readRecord(worker, record, again)));
  const events = read.filter((event) => event !== undefined);
  const stored = await Promise.all(events.map((event) => storeEvent(worker, event, isAlone(events), again)));
  const later = collectingOutcomes(worker);
  for (const notice of toReconcile(stored.flat())) {
    if (await isOutOfBudget(later.worker, notice)) break;
  }
  await later.publishAll();
  return Array.from(again, (itemIdentifier) => ({ itemIdentifier }));
};

interface ReadEvent {
  recordId: string;
  eventId: string;
  requests: Request[];
}

const readRecord = async (
  worker: BatchWorker,
  { messageId: recordId, body }: SQSRecord,
  again: Set<string>,
): Promise<ReadEvent | undefined> => {
  const { mapEvent, logger } = worker;
  try {
    const event = readEvent(parseJson(z.unknown(), body, 'The event'));
    return { recordId, eventId: event.metadata.id, requests: mapEvent(event) };
  } catch (error) {
    if (
      error instanceof InvalidInput &&
      (await isDeadLettered(worker, { recordId, body, reason: error.message }))
    ) {
      return undefined;
    }
    // A text that throws, for one: it is sent once that is fixed.
    if (!(error instanceof InvalidInput))
      logger.error(messages.notMapped, { recordId, reason: String(error) });
    again.add(recordId);
    return undefined;
  }
};

const isDeadLettered = async (
  { deadLetter, logger, metrics }: BatchWorker,
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

/** Only a desired state that is alone takes its lease along: those of many would run while they wait for their turn. */
const isAlone = (events: readonly ReadEvent[]): boolean =>
  events.length === 1 && events[0]?.requests.length === 1;

const storeEvent = async (
  worker: BatchWorker,
  { recordId, eventId, requests }: ReadEvent,
  alone: boolean,
  again: Set<string>,
): Promise<Notice[]> => {
  const { logger, metrics } = worker;
  const storeOne = async (request: Request): Promise<Notice[]> => {
    try {
      const { result, notices } = await ingest(worker, request, alone ? worker.lease() : undefined);
      logger.info(messages.ingested, {
        eventId,
        result,
        references: notices.map(({ reference }) => reference),
      });
      countIngested(metrics, result, notices);
      return notices;
    } catch (error) {
      again.add(recordId);
      logger.error(messages.notIngested, { eventId, recordId, reason: String(error) });
      return [];
    }
  };
  return (await Promise.all(requests.map(storeOne))).flat();
};

const countIngested = (metrics: Metrics, result: Ingested['result'], notices: readonly Notice[]): void => {
  if (result === 'misaddressed') metrics.addMetric(metricNames.misaddressed, MetricUnit.Count, 1);
  if (result !== 'accepted' || notices[0] === undefined || stateOf(notices[0]) !== 'unaddressed') return;
  metrics.addMetric(metricNames.unaddressed, MetricUnit.Count, 1);
};

/** Each notice once, as it was last seen: the more urgent first, then in the order of what occurred. */
const toReconcile = (stored: readonly Notice[]): Notice[] => {
  const byReference = Map.groupBy(stored, ({ reference }) => reference);
  return Array.from(byReference.values(), (seen) => seen.reduce((a, b) => (b.version > a.version ? b : a)))
    .filter((notice) => isOpen(notice))
    .toSorted(
      ({ desired: a }, { desired: b }) =>
        (a?.priority ?? 0) - (b?.priority ?? 0) || (a?.occurredAt ?? 0) - (b?.occurredAt ?? 0),
    );
};

const isOpen = (notice: Notice): boolean => {
  const state = stateOf(notice);
  return state === 'pending' || state === 'sending';
};

const isOutOfBudget = async (worker: BatchWorker, notice: Notice): Promise<boolean> => {
  try {
    return (await reconcile(worker, notice, { arrival: true })).isOutOfBudget;
  } catch (error) {
    worker.logger.error(messages.notReconciled, { reference: notice.reference, reason: String(error) });
    return false;
  }
};
