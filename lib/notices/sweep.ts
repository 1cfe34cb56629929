import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { messages } from '../runtime/log.ts';
import { metricNames } from '../runtime/metrics.ts';
import { type Notice, stateOf } from './notice.ts';
import type { Worker } from './reconcile.ts';
import { reconcile } from './reconcile.ts';

/**
 * Delivers due notices, most urgent first, then oldest first, as far as budget and time allow. Several runs may
 * overlap, because each notice is claimed before anything is done.
 */
export const deliverPending = async (worker: Worker): Promise<void> => {
  const { store, budget, metrics, now } = worker;
  const seen = new Set<string>();
  let delivered = 0;
  while (worker.hasTime()) {
    const due = await store.due();
    // The index lags: a notice that was just delivered may still be listed.
    const fresh = due.filter(({ reference, version }) => !seen.has(`${reference} ${version}`));
    if (seen.size === 0) {
      const oldest = Math.min(now(), ...due.map(({ desired }) => desired?.occurredAt ?? now()));
      metrics.addMetric(metricNames.waiting, MetricUnit.Count, due.length);
      metrics.addMetric(metricNames.oldestWaiting, MetricUnit.Milliseconds, now() - oldest);
      if (due.length === 0) await budget.noteBacklog(false);
    }
    if (fresh.length === 0) break;
    for (const notice of fresh) {
      seen.add(`${notice.reference} ${notice.version}`);
      const isOutOfBudget = await attempt(worker, notice);
      if (isOutOfBudget || !worker.hasTime()) return report(worker, delivered);
      delivered++;
    }
  }
  report(worker, delivered);
};

const report = ({ logger }: Worker, delivered: number): void => {
  if (delivered > 0) logger.info(messages.delivered, { delivered });
};

/** A notice that cannot be reconciled does not stop the others. */
const attempt = async (worker: Worker, notice: Notice): Promise<boolean> => {
  try {
    return (await reconcile(worker, notice)).isOutOfBudget;
  } catch (error) {
    worker.logger.error(messages.notReconciled, { reference: notice.reference, reason: String(error) });
    return false;
  }
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
