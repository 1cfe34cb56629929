import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { freeNow, limitOf, meterName, meterOf } from '../budget/budget.ts';
import type { RequestBudget } from '../budget/budget-store.ts';
import { pauseOf } from '../budget/health.ts';
import type { MeteredClient } from '../budget/metered-client.ts';
import { type Logger, messages } from '../runtime/log.ts';
import { type Metrics, metricNames } from '../runtime/metrics.ts';
import type { PlannedAgent, PresencePlan } from './plan.ts';

interface Deps {
  brevo: MeteredClient;
  budget: Pick<RequestBudget, 'state'>;
  logger: Logger;
  plan: PresencePlan;
  /** Milliseconds since 1970. */
  now: () => number;
}

/**
 * Pings the agents who should be online, in parallel, if their last ping is old enough and as far as the budget
 * allows. A failed ping is repeated once immediately, because a second ping does no harm. If the repeat fails too,
 * the other agents are not affected, and the next run tries again. While the budget is paused, a ping is the probe,
 * even if nobody is on shift.
 * @returns how many agents were pinged, and how many pings failed
 */
export const pingAgents = async ({ brevo, budget, logger, plan, now }: Deps) => {
  const state = await budget.state();
  const { requests } = plan;
  const { operation } = brevo.operations.pingAgent;
  const { minGapMs, onlineAt } = plan.within(
    limitOf(requests, meterOf(state, meterName(requests, operation))),
  );
  const pingAll = (agents: readonly PlannedAgent[]) => brevo.ping(agents, minGapMs);
  const online = onlineAt(now());
  const probes = pauseOf(state, 'presence') === undefined ? [] : plan.agents.slice(0, 1);
  const first = await pingAll(online.length > 0 ? online : probes);
  // The budget does not grant useless repeats: it is closed or paused, or still counts the agent as pinged.
  const again = await pingAll(first.filter(({ failure }) => failure).map(({ agent }) => agent));
  const repeated = new Set(again.map(({ agent }) => agent));
  const pings = [...first.filter(({ agent }) => !repeated.has(agent)), ...again];
  for (const { agent, failure } of pings) {
    if (failure === undefined) continue;
    const { agentId, agentName } = agent.identity;
    const { error } = failure;
    logger.error(messages.notPinged, {
      ...(agentId === undefined ? { agentName } : { agentId }),
      reason: withoutAddress(error instanceof Error ? error.message : String(error)),
    });
  }
  const failed = pings.filter(({ failure }) => failure !== undefined).length;
  const counts = { pinged: pings.length - failed, failed };
  logger.info(messages.pinged, counts);
  return counts;
};

/** Brevo's reason may quote the agent's e-mail address, which must not be logged. */
const withoutAddress = (reason: string): string =>
  reason.replaceAll(/[^\s"'<>(:]+@[^\s"'<>),;]+/g, '<e-mail address>');

/** Keeps the agents online, and measures the budget, because no other function reads it each minute. */
export const keepOnline = async (deps: Deps & { metrics: Metrics }): Promise<void> => {
  const { budget, metrics, plan, now } = deps;
  const { requests } = plan;
  const { pinged, failed } = await pingAgents(deps);
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);
  count(metricNames.pinged, pinged);
  count(metricNames.notPinged, failed);
  const state = await budget.state();
  count(metricNames.budgetPaused, pauseOf(state, 'presence') === undefined ? 0 : 1);
  const meters = requests.scope === 'account' ? ['account'] : Object.keys(state.meters);
  const free = meters.map((name) => freeNow(requests, meterOf(state, name), now()));
  count(metricNames.budgetRemaining, Math.min(requests.limit, ...free));
};
