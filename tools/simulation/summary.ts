import type { Options } from './options.ts';
import type { Report } from './report.ts';

const seconds = (value: number): string => {
  if (value < 120) return `${Math.round(value)} s`;
  return value < 7200 ? `${Math.round(value / 60)} min` : `${(value / 3600).toFixed(1)} h`;
};

/** A run in words. */
export const summaryOf = (options: Options, report: Report): string => {
  const { seed, orders, limit, window, kind, scope, faults, hours, unknown, outage } = options;
  const lines: [string, string | number][] = [
    ['events, each sent three times', report.events],
    ['expected', `${report.expected} for ${report.notices} notices, ${report.coalesced} coalesced`],
    ['requests to Brevo', `${report.requests}, ${report.wasted} wasted`],
    ['over the limit', `${report.requestsOverLimit}, answers 429: ${report.rateLimited}`],
    ['final states right', `${(report.finalRight * 100).toFixed(2)} %`],
    ['lost, expired, sent too late', `${report.lost}, ${report.expired}, ${report.stale}`],
    ['duplicates, regressions', `${report.duplicates}, ${report.regressions}`],
    [
      'posts of unknown outcome',
      `${report.ambiguousPosts}: ${report.heldUnknown} held, ${report.orphans} orphans`,
    ],
    ['workers killed', report.kills],
    ['budget used while messages waited', `${(report.budgetUsedWhileBacklog * 100).toFixed(1)} %`],
    ['agents without a ping for 180 s', report.pingGapsOver180s],
    [
      'from event to chat',
      `half within ${seconds(report.p50)}, 95 % within ${seconds(report.p95)}, all within ${seconds(report.max)}`,
    ],
    ['computed in', `${report.wallSeconds.toFixed(1)} s`],
  ];
  const title =
    `${hours} h of a shop with ${orders} orders: ${limit} requests in ${window} s (${kind}, by ${scope}), ` +
    `faults ${faults}${outage > 0 ? `, Brevo down for ${outage} h` : ''}, unknown outcomes ${unknown}, seed ${seed}`;
  return [title, '', ...lines.map(([what, value]) => `  ${what.padEnd(36)}${value}`)].join('\n');
};
