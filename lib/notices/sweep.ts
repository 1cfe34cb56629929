import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { messages } from '../runtime/log.ts';
import { metricNames } from '../runtime/metrics.ts';
import { type Notice, nextStep, stateOf } from './notice.ts';
import { operationFor, tryReconcile, type Worker } from './reconcile.ts';

/** Due notices of each priority that are looked at together, at first and at most. */
const firstLook = 25;
const longestLook = 800;

/**
 * Delivers due notices, most urgent first, then oldest first, as far as budget and time allow. Several runs may
 * overlap, because each notice is claimed before anything is done.
 *
 * If Brevo counts each endpoint by itself, a post that has to wait does not hold up the edits. New events queue behind
 * what waits only until a run has seen everything.
 */
export const deliverPending = async (worker: Worker): Promise<void> => {
  const { store, budget, logger } = worker;
  const seen = new Set<string>();
  const exhausted = new Set<string>();
  let delivered = 0;
  let limit = firstLook;
  while (worker.hasTime()) {
    const due = await store.due(limit);
    if (seen.size === 0 && limit === firstLook) measure(worker, due);
    // The index lags: a notice that was just delivered may still be listed.
    const isFresh = ({ reference, version }: Notice) => !seen.has(`${reference} ${version}`);
    const next = due.filter((notice) => isFresh(notice) && !exhausted.has(meterOf(worker, notice)));
    if (next.length === 0 || isSpent(worker, exhausted)) {
      if (isSpent(worker, exhausted) || due.length < limit || limit >= longestLook) {
        await budget.noteBacklog([...exhausted]);
        break;
      }
      limit *= 2;
    }
    for (const notice of next) {
      if (!worker.hasTime()) break;
      if (exhausted.has(meterOf(worker, notice))) continue;
      seen.add(`${notice.reference} ${notice.version}`);
      const reconciled = await tryReconcile(worker, notice);
      if (reconciled.isOutOfBudget) exhausted.add(meterOf(worker, reconciled.notice));
      else delivered++;
    }
  }
  if (delivered > 0) logger.info(messages.delivered, { delivered });
};

/** The meter that a notice's next step needs; none if there is nothing to do. */
const meterOf = ({ budget, brevo }: Worker, notice: Notice): string => {
  const step = nextStep(notice);
  return step === undefined ? 'none' : budget.meterFor(operationFor(brevo.operations, step).operation);
};

/** Whether no step of any kind can be made. */
const isSpent = ({ budget, brevo }: Worker, exhausted: ReadonlySet<string>): boolean => {
  const { post, update, delete: remove } = brevo.operations.pushedMessages;
  return [post, update, remove].every(({ operation }) => exhausted.has(budget.meterFor(operation)));
};

const measure = ({ metrics, now }: Worker, due: readonly Notice[]): void => {
  const oldest = Math.min(now(), ...due.map(({ desired }) => desired?.occurredAt ?? now()));
  metrics.addMetric(metricNames.waiting, MetricUnit.Count, due.length);
  metrics.addMetric(metricNames.oldestWaiting, MetricUnit.Milliseconds, now() - oldest);
};

/** Higher counts are not needed: one is enough for an alarm. */
const most = 100;

/** Measures the notices that need an operator, so that the alarm lasts until the last one is resolved. */
export const reportHeld = async ({ store, metrics }: Pick<Worker, 'store' | 'metrics'>): Promise<void> => {
  const { notices } = await store.list({ queue: 'held', limit: most });
  const count = (name: string, state: 'unknown' | 'refused') =>
    metrics.addMetric(name, MetricUnit.Count, notices.filter((notice) => stateOf(notice) === state).length);
  count(metricNames.heldUnknown, 'unknown');
  count(metricNames.heldRefused, 'refused');
};
