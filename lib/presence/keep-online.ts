import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { freeNow, meterOf, type RequestPlan } from '../budget/budget.ts';
import { type Metrics, metricNames } from '../runtime/metrics.ts';
import { pingAgents } from './ping-agents.ts';

type Presence = Parameters<typeof pingAgents>[0] & { metrics: Metrics; requests: RequestPlan };

/** Keeps the agents online, and measures how the budget stands: nobody else looks at it each minute. */
export const keepOnline = async (presence: Presence): Promise<void> => {
  const { budget, metrics, requests, now } = presence;
  const { pinged, failed } = await pingAgents(presence);
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);
  count(metricNames.pinged, pinged);
  count(metricNames.notPinged, failed);
  const state = await budget.state();
  count(metricNames.budgetPaused, state.paused === undefined ? 0 : 1);
  const meters = requests.scope === 'account' ? ['account'] : Object.keys(state.meters);
  const free = meters.map((name) => freeNow(requests, meterOf(state, name), now()));
  count(metricNames.budgetRemaining, Math.min(requests.limit, ...free));
};
