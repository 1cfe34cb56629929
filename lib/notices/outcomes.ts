import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { OutgoingEvent } from '../bus/publisher.ts';
import { type Logger, messages } from '../runtime/log.ts';
import { type Metrics, metricNames } from '../runtime/metrics.ts';
import type { Claimed, Outcome } from './lease.ts';
import { type Notice, type Step, stateOf } from './notice.ts';

/** A call, and the notice as it was when the call began. */
export type Made = Claimed & { notice: Notice };

/**
 * The events and metrics that report outcomes. The events are best effort: the notice is the source of truth. A call
 * that will be repeated has none.
 */
const reports: Partial<Record<Outcome['kind'], { event: string; metric: string }>> = {
  posted: { event: 'message.pushed', metric: metricNames.posted },
  edited: { event: 'message.updated', metric: metricNames.edited },
  deleted: { event: 'message.deleted', metric: metricNames.deleted },
  refused: { event: 'message.refused', metric: metricNames.refused },
  unknown: { event: 'message.outcome_unknown', metric: metricNames.unknown },
};

interface Details {
  messageId?: string;
  reason?: string;
}

const detailsOf = (step: Step, outcome: Outcome): Details => ({
  ...('messageId' in step ? { messageId: step.messageId } : {}),
  ...('messageId' in outcome ? { messageId: outcome.messageId } : {}),
  ...('reason' in outcome ? { reason: outcome.reason } : {}),
});

const outcomeEvent = (type: string, notice: Notice, details: Details, at: number): OutgoingEvent => {
  const { reference, revision, desired, visitorId } = notice;
  return {
    type,
    id: [type, reference, revision, details.messageId].filter((part) => part !== undefined).join(':'),
    at,
    data: {
      reference,
      revision,
      ...(desired === undefined || desired.status === '' ? {} : { status: desired.status }),
      ...(visitorId === undefined ? {} : { visitorId }),
      ...details,
    },
  };
};

/** The event for the outcome of a call. */
export const eventOf = (
  { notice, step }: Pick<Made, 'notice' | 'step'>,
  outcome: Outcome,
  at: number,
): OutgoingEvent | undefined => {
  const type = reports[outcome.kind]?.event;
  const isRepeated = outcome.kind === 'unknown' && step.kind !== 'post';
  return type === undefined || isRepeated
    ? undefined
    : outcomeEvent(type, notice, detailsOf(step, outcome), at);
};

/** The event for a desired state that was too late to send. */
export const expiredEvent = (notice: Notice, at: number): OutgoingEvent =>
  outcomeEvent('message.expired', notice, {}, at);

interface Publishing {
  publish: (events: OutgoingEvent[]) => Promise<void>;
  logger: Logger;
}

/**
 * Publishes events for other systems. A failure is only logged, so that an unavailable bus does not delay anything.
 */
const publishOutcome = async (
  { publish, logger }: Publishing,
  ...events: readonly OutgoingEvent[]
): Promise<void> => {
  if (events.length === 0) return;
  try {
    await publish([...events]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    logger.warn(messages.notPublished, { types: events.map(({ type }) => type), reason });
  }
};

/**
 * A worker that collects its outcomes and publishes them together at the end. A batch takes one call to the bus, and
 * no call to Brevo waits for it.
 */
export const collectingOutcomes = <Each extends Publishing>(worker: Each) => {
  const events: OutgoingEvent[] = [];
  const publish = async (more: readonly OutgoingEvent[]): Promise<void> => void events.push(...more);
  return { worker: { ...worker, publish }, publishAll: () => publishOutcome(worker, ...events) };
};

interface Deps extends Publishing {
  metrics: Metrics;
  /** Milliseconds since 1970. */
  now: () => number;
}

const factsAbout = ({ notice, step }: Made, outcome: Outcome) => ({
  reference: notice.reference,
  revision: notice.revision,
  step: step.kind,
  outcome: outcome.kind,
  ...detailsOf(step, outcome),
});

/** Logs the outcome of a call at once: whatever happens to the table, the log has the id of a message that was sent. */
export const logOutcome = ({ logger }: Deps, claimed: Made, outcome: Outcome): void => {
  const facts = factsAbout(claimed, outcome);
  if (outcome.kind === 'no-effect') logger.warn(messages.hadNoEffect, facts);
  else logger.info(messages.called, facts);
};

/** Logs, counts and publishes what became of a notice after a call. */
export const reportOutcome = async (
  deps: Deps,
  claimed: Made,
  outcome: Outcome,
  settled: { isHeld: boolean; notice: Notice },
): Promise<void> => {
  const { logger, now } = deps;
  const facts = factsAbout(claimed, outcome);
  if (!settled.isHeld) logger.error(messages.leaseLost, facts);
  const state = stateOf(settled.notice);
  if (state === 'unknown' || state === 'refused') logger.error(messages.needsOperator, { ...facts, state });
  measure(deps, claimed.notice, outcome);
  const event = eventOf(claimed, outcome, now());
  if (event !== undefined) await publishOutcome(deps, event);
};

/** Logs, counts and publishes that a desired state was too late to send. */
export const reportExpired = async (deps: Deps, notice: Notice): Promise<void> => {
  const { reference, revision } = notice;
  deps.logger.warn(messages.expired, { reference, revision });
  deps.metrics.addMetric(metricNames.expired, MetricUnit.Count, 1);
  await publishOutcome(deps, expiredEvent(notice, deps.now()));
};

/** Desired states that were superseded unsent since the last message. */
const coalescedIn = ({ log }: Notice): number => {
  const last = log.findLastIndex(({ what }) => what === 'posted' || what === 'edited');
  const since = log.slice(last + 1).filter(({ what }) => what === 'accepted' || what === 'rewritten');
  return Math.max(0, since.length - 1);
};

const measure = ({ metrics, now }: Deps, notice: Notice, { kind }: Outcome): void => {
  const name = reports[kind]?.metric;
  if (name !== undefined) metrics.addMetric(name, MetricUnit.Count, 1);
  if (notice.desired === undefined || (kind !== 'posted' && kind !== 'edited')) return;
  metrics.addMetric(metricNames.coalesced, MetricUnit.Count, coalescedIn(notice));
  const sinceEvent = now() - notice.desired.occurredAt;
  metrics.addMetric(metricNames.timeToChat, MetricUnit.Milliseconds, sinceEvent);
};
