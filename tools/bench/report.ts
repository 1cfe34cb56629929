/** The results for people: one table a question. */
import type { Claim, Measured } from './claims.ts';
import type { Cost } from './cost.ts';
import { markdown } from './markdown.ts';
import type { Start } from './start.ts';

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(0);
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
const dollars = (amount: number): string => amount.toFixed(2);

const startsTable = (starts: readonly Start[]): string => {
  const against = (name: string) => starts.find((each) => each.name === name)?.loadMs ?? Number.NaN;
  const baseline = against('baseline, queue');
  const sdk = against('official SDK alone');
  return markdown(
    ['cold start', 'KB', 'KB gzipped', 'load, ms', '÷ baseline', '÷ official SDK', 'memory, MB'],
    starts.map(({ name, bytes, gzipBytes, loadMs, residentBytes }) => [
      name,
      kilobytes(bytes),
      kilobytes(gzipBytes),
      loadMs.toFixed(1),
      (loadMs / baseline).toFixed(2),
      (loadMs / sdk).toFixed(2),
      megabytes(residentBytes),
    ]),
  );
};

const firstTable = (first: Measured['first']): string =>
  markdown(
    ['new instance, first event', 'load and event, ms', 'CPU, ms'],
    first.map(({ contestant, totalMs, cpuMs }) => [contestant, totalMs.toFixed(0), cpuMs.toFixed(0)]),
  );

const warmTable = (warm: Measured['warm']): string =>
  markdown(
    [
      'warm',
      'CPU an event, ms',
      'events a second',
      'p50, ms',
      'p99, ms',
      'DynamoDB requests an event',
      'log, bytes an event',
    ],
    warm.map(({ contestant, load, cpuMs, eventsPerSecond, p50, p99, requests, logged }) => [
      `${contestant}: ${load}`,
      cpuMs.toFixed(2),
      eventsPerSecond.toFixed(0),
      p50.toFixed(1),
      p99.toFixed(1),
      Object.entries(requests)
        .map(([operation, count]) => `${count.toFixed(2)} ${operation}`)
        .join(', ') || '0',
      logged.toFixed(0),
    ]),
  );

const webhooksTable = (webhooks: Measured['webhooks']): string =>
  markdown(
    ['receive-webhook, own time', 'median, ms', 'p99, ms'],
    webhooks.map(({ source, median, p99 }) => [source, median.toFixed(3), p99.toFixed(3)]),
  );

const costTable = (costs: readonly (Cost & { name: string })[]): string =>
  markdown(
    ['a million events, $', 'Lambda', 'EventBridge', 'SQS', 'DynamoDB', 'logs', 'in all'],
    costs.map(({ name, lambda, eventBridge, sqs, dynamoDb, logs, total }) => [
      name,
      ...[lambda, eventBridge, sqs, dynamoDb, logs, total].map(dollars),
    ]),
  );

const claimsTable = (claims: readonly Claim[]): string =>
  markdown(
    ['to be shown', 'measured', 'at most', ''],
    claims.map(({ claim, measured, most }) => [
      claim,
      measured.toFixed(2),
      String(most),
      measured <= most ? 'holds' : 'FAILS',
    ]),
  );

export const reportOf = (
  { starts, first, warm, webhooks }: Measured,
  costs: readonly (Cost & { name: string })[],
  claims: readonly Claim[],
): string =>
  [
    startsTable(starts),
    firstTable(first),
    warmTable(warm),
    webhooksTable(webhooks),
    costTable(costs),
    claimsTable(claims),
  ].join('\n\n');
