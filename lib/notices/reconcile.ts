import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { messages } from '../runtime/log.ts';
import { metricNames } from '../runtime/metrics.ts';
import { carryOut } from './call-brevo.ts';
import { claim, giveBack, type Moment, type Outcome, settle } from './lease.ts';
import { type Notice, type Step, stateOf } from './notice.ts';
import { eventOf, expiredEvent, publishOutcome } from './outcomes.ts';
import type { NoticeStore } from './store.ts';
import type { Worker } from './worker.ts';

/** How a notice was left. */
export interface Reconciled {
  notice: Notice;
  /** Its next step waits for the budget, and so would that of any other. */
  isOutOfBudget: boolean;
}

/**
 * Makes the chat match a notice: one claim, one request from the budget, one call to Brevo, one settling; again for as
 * long as each brings it closer and time is left.
 * @param options.arrival whether a new event asks for it, which queues up behind what waits already
 * @param options.lane whose share of the budget it takes: an operator who waits for the answer has one of their own
 */
export const reconcile = async (
  worker: Worker,
  seen: Notice,
  { lane = 'messages', ...options }: { arrival?: boolean; lane?: 'messages' | 'http' } = {},
): Promise<Reconciled> => {
  let notice = seen;
  while (worker.hasTime()) {
    const { notice: claimed, step } = await begin(worker, notice);
    notice = claimed;
    if (step === undefined) return { notice, isOutOfBudget: false };
    const { definiteStatuses } = worker.config;
    const done = await carryOut(worker.brevo, step, { lane, definiteStatuses, ...options });
    if (done === undefined) return { notice: await release(worker, notice), isOutOfBudget: true };
    notice = await finish(worker, { notice, step }, done.outcome);
    await done.reported;
  }
  return { notice: await release(worker, notice), isOutOfBudget: false };
};

const momentOf = ({ now, random, config: { onUnknownOutcome } }: Worker): Moment => ({
  now: now(),
  random,
  onUnknownOutcome,
});

const release = async ({ store, lease }: Worker, notice: Notice): Promise<Notice> => {
  const { id } = lease();
  return store.change(notice.reference, (current) => giveBack(current, id), notice);
};

const begin = async (worker: Worker, seen: Notice): Promise<{ notice: Notice; step?: Step | undefined }> => {
  const { store, logger, metrics, now, lease } = worker;
  let step: Step | undefined;
  const notice = await store.change(
    seen.reference,
    (current) => {
      const claimed = claim(current, lease(), momentOf(worker));
      step = claimed.step;
      return claimed.notice;
    },
    seen,
  );
  const { reference, revision } = notice;
  if (step !== undefined) logger.debug(messages.claimed, { reference, revision, step: step.kind });
  if (notice.expired && !seen.expired) {
    logger.warn(messages.expired, { reference, revision });
    metrics.addMetric(metricNames.expired, MetricUnit.Count, 1);
    await publishOutcome(worker, expiredEvent(notice, now()));
  }
  return { notice, step };
};

const finish = async (
  worker: Worker,
  claimed: { notice: Notice; step: Step },
  outcome: Outcome,
): Promise<Notice> => {
  const { store, logger, now } = worker;
  const { reference, revision } = claimed.notice;
  const facts = { reference, revision, step: claimed.step.kind, outcome: outcome.kind, ...factsOf(outcome) };
  await keepPointers(store, claimed, outcome);
  let held = true;
  const notice = await store.change(
    reference,
    (current) => {
      const settled = settle(current, claimed, outcome, momentOf(worker));
      held = settled !== undefined;
      return settled ?? current;
    },
    claimed.notice,
  );
  if (!held) logger.error(messages.leaseLost, facts);
  else if (outcome.kind === 'no-effect') logger.warn(messages.hadNoEffect, facts);
  else logger.info(messages.called, facts);
  const state = stateOf(notice);
  if (state === 'unknown' || state === 'refused') logger.error(messages.needsOperator, { ...facts, state });
  measure(worker, claimed.notice, outcome);
  const event = eventOf(claimed.notice, claimed.step, outcome, now());
  if (event !== undefined) await publishOutcome(worker, event);
  return notice;
};

/** A message leads to its notice before the notice is settled, and no more than it stands. */
const keepPointers = async (
  store: NoticeStore,
  { notice: { reference }, step }: { notice: Notice; step: Step },
  outcome: Outcome,
): Promise<void> => {
  if (outcome.kind === 'posted') return store.pointTo(outcome.messageId, reference);
  const isGone = outcome.kind === 'deleted' || outcome.kind === 'missing';
  if (isGone && step.kind !== 'post') return store.forget(step.messageId);
};

const measure = (
  { metrics, now }: Worker,
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

const factsOf = (outcome: Outcome): object => {
  if ('reason' in outcome) return { reason: outcome.reason };
  return 'messageId' in outcome ? { messageId: outcome.messageId } : {};
};
