import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSBatchItemFailure, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import type { DeadLetter } from '../bus/dead-letters.ts';
import { readEvent, type ShopEvent } from '../bus/events.ts';
import { messages } from '../runtime/log.ts';
import { type Metrics, metricNames } from '../runtime/metrics.ts';
import { InvalidInput, parseJson } from '../runtime/parse.ts';
import { type Lease, released } from './lease.ts';
import { type Notice, stateOf } from './notice.ts';
import { collectingOutcomes } from './outcomes.ts';
import { type Bridge, reconcile, type Worker } from './reconcile.ts';
import { addressedTo, type Incoming, type RecordResult, withdraw } from './record.ts';
import { type SeenMessage, settleSeen } from './seen.ts';
import type { NoticeStore } from './store.ts';

/** A request that an event makes of the notices. */
export type Request =
  | { kind: 'desire'; incoming: Incoming }
  | { kind: 'withdraw'; reference: string; occurredAt: number }
  /** Nothing is sent, but the order's visitor is now known. */
  | { kind: 'identify'; order: string; visitorId: string }
  /** Brevo shows a message that the bridge sent. */
  | ({ kind: 'seen' } & SeenMessage);

/** The result of a request, and the notices that may have work to do. */
export interface Ingested {
  result: RecordResult | 'identified' | 'proven';
  notices: Notice[];
}

interface Deps {
  store: NoticeStore;
  /** Milliseconds since 1970. */
  now: () => number;
}

/**
 * Stores the request of an event. From then on it is safe, even if the call to Brevo fails.
 * @param lease taken in the same write if there is work to do and no other worker holds a lease
 */
export const ingest = async (deps: Deps, request: Request, lease?: Lease): Promise<Ingested> => {
  switch (request.kind) {
    case 'desire':
      return desire(deps, request.incoming, lease);
    case 'withdraw':
      return withdrawn(deps, request.reference, request.occurredAt);
    case 'identify': {
      const { order, visitorId } = request;
      const notice = await deps.store.change(order, (seen) => addressedTo(seen, visitorId, deps.now()));
      return { result: 'identified', notices: await wake(deps, notice) };
    }
    case 'seen': {
      const notice = await settleSeen(deps, request);
      return notice === undefined
        ? { result: 'duplicate', notices: [] }
        : { result: 'proven', notices: [notice] };
    }
  }
};

/**
 * The first event that names the visitor of an order fixes it, whether it is about the order, a shipment or a refund.
 * They all share this visitor. Notices without a visitor wait, and the order lists them in `waiting`.
 */
const desire = async (deps: Deps, incoming: Incoming, lease?: Lease): Promise<Ingested> => {
  const { store, now } = deps;
  const order =
    incoming.order === undefined ? undefined : await store.change(incoming.order, sharing(incoming, now()));
  const visitorId = order?.visitorId ?? incoming.visitorId;
  if (incoming.visitorId !== undefined && incoming.visitorId !== visitorId)
    return { result: 'misaddressed', notices: [] };
  if (order?.erasing === true) return { result: 'outdated', notices: [] };
  const { result, notice } = await store.record({ ...incoming, visitorId }, lease);
  const woken = await wake(deps, order ?? notice);
  return { result, notices: [notice, ...woken.filter(({ reference }) => reference !== notice.reference)] };
};

const withdrawn = async ({ store, now }: Deps, reference: string, occurredAt: number): Promise<Ingested> => {
  let result: RecordResult = 'duplicate';
  const notice = await store.change(reference, (seen) => {
    const recorded = withdraw(seen, occurredAt, now());
    result = recorded.result;
    return recorded.notice;
  });
  return { result, notices: [notice] };
};

/** The order adopts the visitor of the desired state, or notes that its notice waits to learn the visitor. */
const sharing =
  ({ reference, visitorId }: Incoming, now: number) =>
  (order: Notice): Notice => {
    if (order.visitorId !== undefined || order.erasing === true) return order;
    if (visitorId !== undefined) return addressedTo(order, visitorId, now);
    return order.waiting.includes(reference) ? order : { ...order, waiting: [...order.waiting, reference] };
  };

const wake = async ({ store, now }: Deps, { reference, visitorId, waiting }: Notice): Promise<Notice[]> => {
  if (visitorId === undefined || waiting.length === 0) return [];
  const woken = await Promise.all(
    waiting.map((subject) => store.change(subject, (notice) => addressedTo(notice, visitorId, now()))),
  );
  await store.change(reference, (order) => {
    const others = order.waiting.filter((subject) => !waiting.includes(subject));
    return others.length === order.waiting.length ? order : { ...order, waiting: others };
  });
  return woken;
};

export interface BatchDeps extends Bridge {
  /**
   * Maps an event to requests.
   * @throws {InvalidInput} if the event cannot be mapped
   */
  mapEvent: (event: ShopEvent) => Request[];
  /** Stores input that can never be read, for an operator to find. */
  deadLetter: DeadLetter;
}

type BatchWorker = BatchDeps & Worker;

/**
 * Processes a batch of events. All their requests are stored first; then Brevo is called as far as budget and time
 * allow. The rest is safe in its notices, where `deliverPending` finds it.
 * @returns the records that SQS must deliver again, because they could not be stored
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
    // For example, a text function throws. The event is retried, so it succeeds once the function is fixed.
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

/**
 * Only a single desired state takes its lease in the same write. In a larger batch, leases would run while their
 * notices wait for their turn.
 */
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
  const [notice] = notices;
  // An event that comes alone takes its lease along, which would hide the state.
  if (result !== 'accepted' || notice === undefined || stateOf(released(notice)) !== 'unaddressed') return;
  metrics.addMetric(metricNames.unaddressed, MetricUnit.Count, 1);
};

/** Each notice once, in its latest version: most urgent first, then by time of occurrence. */
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
