import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSBatchItemFailure, SQSRecord } from 'aws-lambda';
import { type AskedBy, type Read, type Reading, readRecord } from '../bus/records.ts';
import { messages } from '../runtime/log.ts';
import { type Metrics, metricNames } from '../runtime/metrics.ts';
import { type Lease, released } from './lease.ts';
import { type Facts, isErased, type Notice, stateOf } from './notice.ts';
import { collectingOutcomes } from './outcomes.ts';
import { type Bridge, persist, tryReconcile, type Worker } from './reconcile.ts';
import type { Account, Incoming, RecordResult } from './record.ts';
import { introducedTo, isForAnother, withdraw } from './record.ts';
import { type SeenMessage, settleSeen } from './seen.ts';
import type { NoticeStore } from './store.ts';

/** A request that an event makes of the notices. */
export type Request =
  | { kind: 'desire'; incoming: Incoming }
  /** `unlessReopened` if the event may be an old one that is repeated: it has no effect once the order was reopened. */
  | { kind: 'withdraw'; reference: string; occurredAt: number; unlessReopened?: boolean | undefined }
  /** Nothing is sent, but more is known about the order. */
  | ({ kind: 'identify'; order: string; occurredAt: number } & Account)
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
      return withdrawn(deps, request);
    case 'identify': {
      const notice = await deps.store.change(request.order, introducing(request, deps.now()));
      return { result: 'identified', notices: await wake(deps, notice, request) };
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
  const { learn = asKnown, inherit = asKnown } = incoming;
  const visitorId = order?.visitorId ?? incoming.visitorId;
  if (order !== undefined && isForAnother(order, incoming.visitorId))
    return { result: 'misaddressed', notices: [] };
  if (order !== undefined && isErased(order, incoming.desired.occurredAt))
    return { result: 'outdated', notices: [] };
  const learnAll = order === undefined ? learn : (own: Facts) => learn(inherit(own, order.facts));
  const { result, notice } = await store.record({ ...incoming, visitorId, learn: learnAll }, lease);
  const woken = await wake(deps, order ?? notice, incoming);
  return { result, notices: [notice, ...woken.filter(({ reference }) => reference !== notice.reference)] };
};

const withdrawn = async (
  { store, now }: Deps,
  { reference, occurredAt, unlessReopened }: Extract<Request, { kind: 'withdraw' }>,
): Promise<Ingested> => {
  let result: RecordResult = 'duplicate';
  const notice = await store.change(reference, (seen) => {
    const isRepeated = unlessReopened === true && seen.reopenedAt > 0;
    const recorded = isRepeated
      ? { result: 'outdated' as const, notice: seen }
      : withdraw(seen, occurredAt, now());
    result = recorded.result;
    return recorded.notice;
  });
  return { result, notices: [notice] };
};

const asKnown = (facts: Facts): Facts => facts;

/** The order with what an event says about it. */
const introducing =
  (account: Account & { occurredAt: number }, now: number) =>
  (order: Notice): Notice =>
    isErased(order, account.occurredAt) || isForAnother(order, account.visitorId)
      ? order
      : introducedTo(order, account, now);

/** The order learns from the desired state, or notes that its notice waits to learn the visitor. */
const sharing =
  ({ reference, desired: { occurredAt }, learnOrder: learn, ...account }: Incoming, now: number) =>
  (seen: Notice): Notice => {
    const order = introducing({ ...account, learn, occurredAt }, now)(seen);
    if (order.visitorId !== undefined || isErased(order, occurredAt)) return order;
    return order.waiting.includes(reference) ? order : { ...order, waiting: [...order.waiting, reference] };
  };

const wake = async ({ store, now }: Deps, order: Notice, account: Account): Promise<Notice[]> => {
  const { reference, visitorId, waiting, facts } = order;
  if (visitorId === undefined || waiting.length === 0) return [];
  const { inherit = asKnown, complete } = account;
  const known = { visitorId, complete, learn: (own: Facts) => inherit(own, facts) };
  const woken = await Promise.all(
    waiting.map((subject) => store.change(subject, (notice) => introducedTo(notice, known, now()))),
  );
  await store.change(reference, (order) => {
    const others = order.waiting.filter((subject) => !waiting.includes(subject));
    return others.length === order.waiting.length ? order : { ...order, waiting: others };
  });
  return woken;
};

export type BatchDeps = Bridge & Reading<Request>;

type BatchWorker = BatchDeps & Worker;

type Asked = AskedBy<Request>;

/**
 * Processes a batch of events, notice by notice, the most urgent first: its requests are stored, then Brevo is called.
 * Once budget or time is used up, the rest is only stored, and `deliverPending` finds it.
 * @returns the records that SQS must deliver again, because they could not be stored
 */
export const processBatch = async (
  worker: BatchWorker,
  records: readonly SQSRecord[],
): Promise<SQSBatchItemFailure[]> => {
  const again = new Set<string>();
  const read = await Promise.all(records.map((record) => readRecord(worker, record, again)));
  const later = collectingOutcomes(worker);
  const waiting = byUrgency(read.flatMap(({ asked }) => asked));
  let isBudgetLeft = true;
  while (isBudgetLeft && worker.hasTime()) {
    const group = waiting.shift();
    if (group === undefined) break;
    for (const notice of await storeGroup(worker, group, again, worker.lease())) {
      isBudgetLeft &&= !(await tryReconcile(later.worker, notice, { arrival: true })).isOutOfBudget;
    }
  }
  await Promise.all(waiting.map((group) => storeGroup(worker, group, again)));
  await Promise.all(read.map((each) => settleRecord(worker, each, again)));
  await later.publishAll();
  return Array.from(again, (itemIdentifier) => ({ itemIdentifier }));
};

/** The requests of each notice together, so that a text that is outdated within the batch is never sent. */
const byUrgency = (asked: readonly Asked[]): Asked[][] => {
  const urgency = ({ request }: Asked) => (request.kind === 'desire' ? request.incoming.desired.priority : 0);
  const time = ({ request }: Asked) => (request.kind === 'desire' ? request.incoming.desired.occurredAt : 0);
  const most = (group: readonly Asked[], of: (each: Asked) => number) => Math.min(...group.map(of));
  const groups = Array.from(Map.groupBy(asked, ({ request }) => subjectOf(request)).values());
  return groups.toSorted((a, b) => most(a, urgency) - most(b, urgency) || most(a, time) - most(b, time));
};

const subjectOf = (request: Request): string => {
  switch (request.kind) {
    case 'desire':
      return request.incoming.reference;
    case 'withdraw':
      return request.reference;
    case 'identify':
      return request.order;
    case 'seen':
      return request.messageId;
  }
};

/** Stores requests about the same subject. The last one takes the lease along, so that nothing is claimed twice. */
const storeGroup = async (
  worker: BatchWorker,
  group: readonly Asked[],
  again: Set<string>,
  lease?: Lease,
): Promise<Notice[]> => {
  const { logger, metrics } = worker;
  const latest = new Map<string, Notice>();
  for (const { recordId, eventId, request } of group) {
    try {
      const isLast = request === group.at(-1)?.request;
      const { result, notices } = await persist(worker, () =>
        ingest(worker, request, isLast ? lease : undefined),
      );
      logger.info(messages.ingested, {
        eventId,
        result,
        references: notices.map(({ reference }) => reference),
      });
      countIngested(metrics, result, notices);
      for (const notice of notices) latest.set(notice.reference, notice);
    } catch (error) {
      again.add(recordId);
      logger.error(messages.notIngested, { eventId, recordId, reason: String(error) });
    }
  }
  return [...latest.values()].filter(isOpen);
};

/** Notes that all requests of a record are stored. If that fails, they are harmlessly stored once more. */
const settleRecord = async (
  worker: BatchWorker,
  { recordId, settle }: Read<Request>,
  again: Set<string>,
): Promise<void> => {
  if (settle === undefined || again.has(recordId)) return;
  try {
    await persist(worker, settle);
  } catch (error) {
    again.add(recordId);
    worker.logger.error(messages.notIngested, { recordId, reason: String(error) });
  }
};

const countIngested = (metrics: Metrics, result: Ingested['result'], notices: readonly Notice[]): void => {
  if (result === 'misaddressed') metrics.addMetric(metricNames.misaddressed, MetricUnit.Count, 1);
  const [notice] = notices;
  // An event that comes alone takes its lease along, which would hide the state.
  if (result !== 'accepted' || notice === undefined || stateOf(released(notice)) !== 'unaddressed') return;
  metrics.addMetric(metricNames.unaddressed, MetricUnit.Count, 1);
};

const isOpen = (notice: Notice): boolean => {
  const state = stateOf(notice);
  return state === 'pending' || state === 'sending';
};
