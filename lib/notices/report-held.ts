import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricNames } from '../runtime/metrics.ts';
import { stateOf } from './notice.ts';
import type { Worker } from './reconcile.ts';

/** More are not counted: one is enough for an alarm. */
const most = 100;

/** Measures what needs an operator, so that an alarm lasts until the last of it is resolved. */
export const reportHeld = async ({ store, metrics }: Pick<Worker, 'store' | 'metrics'>): Promise<void> => {
  const { notices } = await store.list({ queue: 'held', limit: most });
  const count = (name: string, state: 'unknown' | 'refused') =>
    metrics.addMetric(name, MetricUnit.Count, notices.filter((notice) => stateOf(notice) === state).length);
  count(metricNames.heldUnknown, 'unknown');
  count(metricNames.heldRefused, 'refused');
};
