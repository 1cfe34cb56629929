/**
 * Prints how many messages an hour are left, by plan and agents online at once, as a table for docs/operations.md:
 * `npm run capacity`.
 */
import type { RequestPlan } from '../lib/budget/budget.ts';
import { messagesAnHour, mostAffordable, pingEveryMs } from '../lib/presence/ping-rate.ts';

// https://developers.brevo.com/docs/limits-quotas, "all other endpoints".
const plans = [
  { name: 'General', limit: 100 },
  { name: 'Advanced', limit: 200 },
  { name: 'Extended', limit: 600 },
];

const mostAgents = 6;

const cell = (agents: number, plan: RequestPlan): string => {
  const affordable = mostAffordable(plan);
  if (agents > affordable) return `refused: \`keepOnline: ${affordable}\` at most`;
  const minutes = pingEveryMs(agents, plan) / 60_000;
  const pings = minutes === 1 ? 'each minute' : `every ${minutes} minutes`;
  return agents === 0 ? `${messagesAnHour(0, plan)}` : `${messagesAnHour(agents, plan)}, pings ${pings}`;
};

const head = plans.map(({ name, limit }) => `${name}: ${limit} requests an hour`);
const body = Array.from({ length: mostAgents + 1 }, (_, agents) => [
  `${agents}`,
  ...plans.map(({ limit }) => cell(agents, { limit, windowMs: 3_600_000, scope: 'account' })),
]);
const rows = [['agents online at once', ...head], ['---', ...plans.map(() => '---')], ...body];

console.log(rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
