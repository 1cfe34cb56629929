import type { SQSBatchItemFailure, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEvent } from '../bus/events.ts';
import { messages } from '../log.ts';
import { takeIn } from '../notices/intake.ts';
import { type Notice, stateOf } from '../notices/notice.ts';
import { reconcile, type Worker } from '../notices/reconcile.ts';
import { type Request, requestsOf, type WishOptions } from '../notices/wishes.ts';
import { InvalidInput, parseJson } from '../parse.ts';

export interface BatchWorker extends Worker {
  wishes: WishOptions;
  /** Puts what can never be read where a person will find it. */
  deadLetter: (body: string, reason: string) => Promise<void>;
}

/**
 * Processes a batch of events: first everything they ask for is stored, then Brevo is called as far as time allows.
 * @returns the records to be delivered again: what could not be stored, or is not settled yet
 */
export const processBatch = async (
  worker: BatchWorker,
  records: readonly SQSRecord[],
): Promise<SQSBatchItemFailure[]> => {
  const again = new Set<string>();
  const read = await Promise.all(records.map((record) => readRecord(worker, record, again)));
  const events = read.filter((event) => event !== undefined);
  const stored = await Promise.all(events.map((event) => storeEvent(worker, event, isAlone(events), again)));
  for (const { notice, recordIds } of toReconcile(stored.flat())) {
    if (await isDone(worker, notice)) continue;
    for (const recordId of recordIds) again.add(recordId);
  }
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
  const { wishes, logger } = worker;
  try {
    const event = readEvent(parseJson(z.unknown(), body, 'The event'));
    return { recordId, eventId: event.metadata.id, requests: requestsOf(event, wishes) };
  } catch (error) {
    if (
      error instanceof InvalidInput &&
      (await isDeadLettered(worker, { recordId, body, reason: error.message }))
    ) {
      return undefined;
    }
    // A text that throws, for one: it is told once that is mended.
    if (!(error instanceof InvalidInput))
      logger.error(messages.notUnderstood, { recordId, reason: String(error) });
    again.add(recordId);
    return undefined;
  }
};

const isDeadLettered = async (
  { deadLetter, logger }: BatchWorker,
  { recordId, body, reason }: { recordId: string; body: string; reason: string },
): Promise<boolean> => {
  try {
    await deadLetter(body, reason);
    logger.error(messages.unreadable, { recordId, reason });
    return true;
  } catch (error) {
    logger.error(messages.notDeadLettered, { recordId, reason, cause: String(error) });
    return false;
  }
};

/** Only a wish that is alone takes its lease along: those of many would run while they wait for their turn. */
const isAlone = (events: readonly ReadEvent[]): boolean =>
  events.length === 1 && events[0]?.requests.length === 1;

interface StoredNotice {
  recordId: string;
  notice: Notice;
}

const storeEvent = async (
  { logger, ...worker }: BatchWorker,
  { recordId, eventId, requests }: ReadEvent,
  alone: boolean,
  again: Set<string>,
): Promise<StoredNotice[]> => {
  const storeOne = async (request: Request): Promise<StoredNotice[]> => {
    try {
      const { result, notices } = await takeIn(worker, request, alone ? worker.lease() : undefined);
      logger.info(messages.recorded, {
        eventId,
        result,
        references: notices.map(({ reference }) => reference),
      });
      return notices.map((notice) => ({ recordId, notice }));
    } catch (error) {
      again.add(recordId);
      logger.error(messages.notStored, { eventId, recordId, reason: String(error) });
      return [];
    }
  };
  return (await Promise.all(requests.map(storeOne))).flat();
};

/** Each notice once, as it was last seen: the more urgent first, then in the order of what occurred. */
const toReconcile = (stored: readonly StoredNotice[]): { notice: Notice; recordIds: string[] }[] => {
  const byReference = Map.groupBy(stored, ({ notice }) => notice.reference);
  return Array.from(byReference.values(), (seen) => ({
    notice: seen.map(({ notice }) => notice).reduce((a, b) => (b.version > a.version ? b : a)),
    recordIds: seen.map(({ recordId }) => recordId),
  })).toSorted(
    ({ notice: a }, { notice: b }) =>
      (a.wish?.priority ?? 0) - (b.wish?.priority ?? 0) ||
      (a.wish?.occurredAt ?? 0) - (b.wish?.occurredAt ?? 0),
  );
};

const isDone = async (worker: BatchWorker, notice: Notice): Promise<boolean> => {
  try {
    const state = stateOf(await reconcile(worker, notice));
    return state !== 'pending' && state !== 'sending';
  } catch (error) {
    worker.logger.error(messages.notReconciled, { reference: notice.reference, reason: String(error) });
    return false;
  }
};
