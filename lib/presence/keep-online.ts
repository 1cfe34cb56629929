import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { BrevoClient } from '../brevo/client.ts';
import { BrevoError } from '../brevo/errors.ts';
import { freeNow, limitOf, meterName, meterOf } from '../budget/budget.ts';
import type { Report, RequestBudget } from '../budget/budget-store.ts';
import { reportOf } from '../notices/call-brevo.ts';
import { type Logger, messages } from '../runtime/log.ts';
import { type Metrics, metricNames } from '../runtime/metrics.ts';
import type { PlannedAgent, PresencePlan } from './plan.ts';

const operation = 'POST /conversations/agentOnlinePing';

interface Deps {
  brevo: BrevoClient;
  budget: Pick<RequestBudget, 'state' | 'takePings' | 'report'>;
  logger: Logger;
  plan: PresencePlan;
  /** Milliseconds since 1970. */
  now: () => number;
}

interface Ping {
  agent: PlannedAgent;
  /** What Brevo’s answer means for the budget; undefined where nothing could be asked of Brevo. */
  report?: Report;
  failure?: { error: unknown };
}

/**
 * Shows the agents to be online as online, all at once, as far as their last ping is old enough and the budget goes. A
 * ping that fails is tried again at once, for a second one does no harm; one that fails for good keeps no other agent
 * from being shown, and the next run tries it again. While the budget is paused, a ping is its probe, on shift or not.
 * @returns how many agents were pinged, and how many could not be
 */
export const pingAgents = async ({ brevo, budget, logger, plan, now }: Deps) => {
  const ping = async (agent: PlannedAgent): Promise<Ping> => {
    const { key, shifts: _, ...identity } = agent;
    try {
      const { rateLimit } = await brevo.pingAgent(identity);
      return { agent, report: { rateLimit } };
    } catch (error) {
      if (!(error instanceof BrevoError)) return { agent, failure: { error } };
      const report = reportOf(error);
      // An agent whom Brevo refuses, it will refuse again.
      const isToFollow = report.fault !== undefined;
      return { agent, failure: { error }, report: isToFollow ? { ...report, failedPing: key } : report };
    }
  };

  const state = await budget.state();
  const { requests } = plan;
  const { minGapMs, onlineAt } = plan.within(
    limitOf(requests, meterOf(state, meterName(requests, operation))),
  );

  const pingAll = async (agents: readonly PlannedAgent[]): Promise<Ping[]> => {
    if (agents.length === 0) return [];
    const granted = await budget.takePings(
      agents.map(({ key }) => key),
      minGapMs,
    );
    const pings = await Promise.all(agents.filter(({ key }) => granted.includes(key)).map(ping));
    for (const { report } of pings) if (report) await budget.report(operation, report);
    return pings;
  };

  const online = onlineAt(now());
  const probes = state.paused === undefined ? [] : plan.agents.slice(0, 1);
  const first = await pingAll(online.length > 0 ? online : probes);
  // What would be of no use is not granted: the budget is closed or paused, or thinks that the agent was pinged.
  const again = await pingAll(first.filter(({ failure }) => failure).map(({ agent }) => agent));
  const repeated = new Set(again.map(({ agent }) => agent));
  const pings = [...first.filter(({ agent }) => !repeated.has(agent)), ...again];
  for (const { agent, failure } of pings) {
    if (failure === undefined) continue;
    const { error } = failure;
    logger.error(messages.notPinged, {
      ...('agentId' in agent ? { agentId: agent.agentId } : { agentName: agent.agentName }),
      reason: withoutAddress(error instanceof Error ? error.message : String(error)),
    });
  }
  const failed = pings.filter(({ failure }) => failure !== undefined).length;
  const counts = { pinged: pings.length - failed, failed };
  logger.info(messages.pinged, counts);
  return counts;
};

/** Brevo's reason may quote the agent's e-mail address, which has no place in a log. */
const withoutAddress = (reason: string): string =>
  reason.replaceAll(/[^\s"'<>(:]+@[^\s"'<>),;]+/g, '<e-mail address>');

/** Keeps the agents online, and measures how the budget stands: nobody else looks at it each minute. */
export const keepOnline = async (deps: Deps & { metrics: Metrics }): Promise<void> => {
  const { budget, metrics, plan, now } = deps;
  const { requests } = plan;
  const { pinged, failed } = await pingAgents(deps);
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);
  count(metricNames.pinged, pinged);
  count(metricNames.notPinged, failed);
  const state = await budget.state();
  count(metricNames.budgetPaused, state.paused === undefined ? 0 : 1);
  const meters = requests.scope === 'account' ? ['account'] : Object.keys(state.meters);
  const free = meters.map((name) => freeNow(requests, meterOf(state, name), now()));
  count(metricNames.budgetRemaining, Math.min(requests.limit, ...free));
};
