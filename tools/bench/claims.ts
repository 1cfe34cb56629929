/** What the numbers have to show, as ratios within one run. */
import type { First } from './first.ts';
import type { Start } from './start.ts';
import type { Warm } from './warm.ts';
import type { WebhookTimes } from './webhooks.ts';

export interface Claim {
  claim: string;
  measured: number;
  most: number;
}

export interface Measured {
  starts: readonly Start[];
  first: readonly First[];
  warm: readonly Warm[];
  webhooks: readonly WebhookTimes[];
}

/** Functions that need EventBridge's client, whose size and time others are spared. */
const publishing =
  /^(push-message|deliver-pending|receive-webhook|erase-visitor|(post|update|delete)-pushed-message|(update|withdraw|resolve)-notice)$/;

/** The worst that any function makes of a claim. */
const worst = (functions: readonly Start[], ratio: (each: Start) => number): number =>
  Math.max(...functions.map(ratio));

export const claimsOf = ({ starts, first, warm, webhooks }: Measured): Claim[] => {
  const start = (name: string): Start => find(starts, (each) => each.name === name, name);
  const run = (name: string, load: string): Warm =>
    find(warm, (each) => each.contestant === name && each.load === load, `${name}, ${load}`);
  const firstOf = (name: string): First =>
    find(first, ({ contestant }) => contestant === name, `${name}, first`);
  const functions = starts.filter(({ kind }) => kind === 'function');
  const light = functions.filter(({ name }) => !publishing.test(name));
  const isQueue = (name: string) => /^(push-message|deliver-pending|ping-presence)$/.test(name);
  const baseline = ({ name }: Start): Start => start(isQueue(name) ? 'baseline, queue' : 'baseline, HTTP');
  const sdk = start('official SDK alone');
  const pushMessage = start('push-message');
  const requests = (load: string) =>
    Object.values(run('push-message', load).requests).reduce((sum, count) => sum + count, 0);
  return [
    {
      claim: 'load time of any function ÷ baseline',
      measured: worst(functions, (each) => each.loadMs / baseline(each).loadMs),
      most: 0.45,
    },
    {
      claim: 'size of any function ÷ baseline',
      measured: worst(functions, (each) => each.bytes / baseline(each).bytes),
      most: 0.35,
    },
    {
      claim: 'load time of push-message ÷ official SDK alone',
      measured: pushMessage.loadMs / sdk.loadMs,
      most: 2,
    },
    {
      claim: 'size of push-message ÷ official SDK alone',
      measured: pushMessage.bytes / sdk.bytes,
      most: 0.6,
    },
    {
      claim: 'load time of any function that publishes nothing ÷ official SDK alone',
      measured: worst(light, ({ loadMs }) => loadMs / sdk.loadMs),
      most: 1,
    },
    {
      claim: 'new instance of push-message until its first event is handled ÷ baseline',
      measured: firstOf('push-message').totalMs / firstOf('baseline, queue').totalMs,
      most: 1,
    },
    {
      claim: 'own time of receive-webhook for a body of 20 KB, median, ms',
      measured: Math.max(...webhooks.map((each) => each.median)),
      most: 0.2,
    },
    {
      claim: 'own processor time of push-message for a fresh event, its calls left out ÷ all of baseline',
      measured: run('push-message, its own work', 'single').cpuMs / run('baseline, queue', 'single').cpuMs,
      most: 0.6,
    },
    {
      claim: 'DynamoDB requests of a fresh event that comes alone',
      measured: requests('single'),
      most: 4.05,
    },
    { claim: 'DynamoDB requests of a fresh event in a batch', measured: requests('batch'), most: 5.05 },
    {
      claim: 'DynamoDB requests of a duplicate (one in AWS, which sends along what stands there)',
      measured: requests('again'),
      most: 2.05,
    },
  ];
};

const find = <Each>(all: readonly Each[], isIt: (each: Each) => boolean, name: string): Each => {
  const found = all.find(isIt);
  if (found === undefined) throw new Error(`${name} was not measured`);
  return found;
};
