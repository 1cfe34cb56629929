import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { OutgoingEvent } from '../bus/publisher.ts';
import { type Logger, messages } from '../runtime/log.ts';
import { type Metrics, metricNames } from '../runtime/metrics.ts';
import type { Outcome } from './lease.ts';
import { type Notice, type Step, stateOf } from './notice.ts';

/** The events that report outcomes to other systems. They are best effort: the notice is the source of truth. */
type OutcomeType =
  | 'message.pushed'
  | 'message.updated'
  | 'message.deleted'
  | 'message.refused'
  | 'message.outcome_unknown'
  | 'message.expired';

interface Facts {
  reference: string;
  revision: number;
  status?: string;
  visitorId?: string;
  messageId?: string;
  reason?: string;
}

const about = ({ reference, revision, desired, visitorId }: Notice): Facts => ({
  reference,
  revision,
  ...(desired?.status === undefined || desired.status === '' ? {} : { status: desired.status }),
  ...(visitorId === undefined ? {} : { visitorId }),
});

const outcomeEvent = (type: OutcomeType, data: Facts, at: number): OutgoingEvent => ({
  type,
  id: [type, data.reference, data.revision, data.messageId].filter((part) => part !== undefined).join(':'),
  at,
  data,
});

/** The event for the outcome of a call. A call that will be repeated has none. */
export const eventOf = (
  notice: Notice,
  step: Step,
  outcome: Outcome,
  at: number,
): OutgoingEvent | undefined => {
  const data = about(notice);
  switch (outcome.kind) {
    case 'posted':
      return outcomeEvent('message.pushed', { ...data, messageId: outcome.messageId }, at);
    case 'edited':
      return outcomeEvent('message.updated', { ...data, ...messageOf(step) }, at);
    case 'deleted':
      return outcomeEvent('message.deleted', { ...data, ...messageOf(step) }, at);
    case 'refused':
      return outcomeEvent('message.refused', { ...data, ...messageOf(step), reason: outcome.reason }, at);
    case 'unknown':
      return step.kind === 'post'
        ? outcomeEvent('message.outcome_unknown', { ...data, reason: outcome.reason }, at)
        : undefined;
    case 'missing':
    case 'no-effect':
      return undefined;
  }
};

/** The event for a desired state that was too late to send. */
export const expiredEvent = (notice: Notice, at: number): OutgoingEvent =>
  outcomeEvent('message.expired', about(notice), at);

const messageOf = (step: Step): { messageId?: string } =>
  step.kind === 'post' ? {} : { messageId: step.messageId };

interface Publishing {
  publish: (events: OutgoingEvent[]) => Promise<void>;
  logger: Logger;
}

/**
 * Publishes events for other systems. A failure is only logged, so that an unavailable bus does not delay anything.
 */
export const publishOutcome = async (
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

const factsAbout = ({ notice, step }: { notice: Notice; step: Step }, outcome: Outcome) => ({
  reference: notice.reference,
  revision: notice.revision,
  step: step.kind,
  outcome: outcome.kind,
  ...factsOf(outcome),
});

/** Logs the outcome of a call at once: whatever happens to the table, the log has the id of a message that was sent. */
export const logOutcome = (
  { logger }: Deps,
  claimed: { notice: Notice; step: Step },
  outcome: Outcome,
): void => {
  const facts = factsAbout(claimed, outcome);
  if (outcome.kind === 'no-effect') logger.warn(messages.hadNoEffect, facts);
  else logger.info(messages.called, facts);
};

/** Logs, counts and publishes what became of a notice after a call. */
export const reportOutcome = async (
  deps: Deps,
  claimed: { notice: Notice; step: Step },
  outcome: Outcome,
  settled: { isHeld: boolean; notice: Notice },
): Promise<void> => {
  const { logger, now } = deps;
  const facts = factsAbout(claimed, outcome);
  if (!settled.isHeld) logger.error(messages.leaseLost, facts);
  const state = stateOf(settled.notice);
  if (state === 'unknown' || state === 'refused') logger.error(messages.needsOperator, { ...facts, state });
  measure(deps, claimed.notice, outcome);
  const event = eventOf(claimed.notice, claimed.step, outcome, now());
  if (event !== undefined) await publishOutcome(deps, event);
};

/** Logs, counts and publishes that a desired state was too late to send. */
export const reportExpired = async (deps: Deps, notice: Notice): Promise<void> => {
  const { reference, revision } = notice;
  deps.logger.warn(messages.expired, { reference, revision });
  deps.metrics.addMetric(metricNames.expired, MetricUnit.Count, 1);
  await publishOutcome(deps, expiredEvent(notice, deps.now()));
};

const factsOf = (outcome: Outcome): object => {
  if ('reason' in outcome) return { reason: outcome.reason };
  return 'messageId' in outcome ? { messageId: outcome.messageId } : {};
};

const measure = (
  { metrics, now }: Deps,
  { revision, observed, desired }: Notice,
  { kind }: Outcome,
): void => {
  const count = (name: string, value = 1) => metrics.addMetric(name, MetricUnit.Count, value);
  switch (kind) {
    case 'posted':
    case 'edited':
      count(metricNames[kind]);
      count(metricNames.coalesced, revision - (observed?.revision ?? 0) - 1);
      if (desired !== undefined) {
        metrics.addMetric(metricNames.timeToChat, MetricUnit.Milliseconds, now() - desired.occurredAt);
      }
      return;
    case 'deleted':
      return void count(metricNames.deleted);
    case 'refused':
      return void count(metricNames.refused);
    case 'unknown':
      return void count(metricNames.unknown);
    case 'missing':
    case 'no-effect':
      return;
  }
};
