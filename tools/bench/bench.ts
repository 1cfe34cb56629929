/**
 * `npm run bench`: the functions as they are deployed, beside what else would do their job: size, cold start, memory, processor
 * time, throughput, latency, and dollars. All that is compared is measured in turn, in one run.
 */
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { InvalidInput, parse } from '../../lib/runtime/parse.ts';
import { claimsOf } from './claims.ts';
import { buildContestants } from './contestants.ts';
import { costsOf } from './costs.ts';
import { measureFirst } from './first.ts';
import { reportOf } from './report.ts';
import { measureStarts } from './start.ts';
import { type Load, measureWarm } from './warm.ts';
import { timeWebhooks } from './webhooks.ts';

const usage = 'npm run bench -- [--runs N] [--json]';

const given = z.object({
  /** Loads of each bundle, and rounds of the warm part. */
  runs: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(101)), 21),
  json: z._default(z.boolean(), false),
});

const loads: Load[] = [
  { name: 'single', batchSize: 1, again: false },
  { name: 'batch', batchSize: 10, again: false },
  { name: 'again', batchSize: 10, again: true },
];

const firstContestants = [
  'push-message',
  'push-message, whole AWS SDK',
  'push-message, AWS SDK of the runtime',
  'baseline, queue',
  'baseline, queue, minified',
];

const warmContestants = [
  'push-message',
  'push-message, its own work',
  'push-message, its calls alone',
  'push-message, whole AWS SDK',
  'baseline, queue',
];

try {
  const { values } = parseArgs({ options: { runs: { type: 'string' }, json: { type: 'boolean' } } });
  const { runs, json } = parse(given, values, 'The command line');
  const tell = (what: string) => console.error(`${what} …`);
  tell('building');
  const contestants = await buildContestants();
  tell(`loading ${contestants.length} bundles, ${runs} times each`);
  const starts = await measureStarts(contestants, runs);
  tell('handling first events');
  const named = (names: readonly string[]) => contestants.filter(({ name }) => names.includes(name));
  const first = await measureFirst(named(firstContestants), runs);
  tell('handling events');
  const warm = await measureWarm(named(warmContestants), loads, {
    warmUps: 5,
    rounds: Math.ceil(runs / 3),
    events: 100,
  });
  tell('receiving webhooks');
  const webhooks = await timeWebhooks(2_000);
  const measured = { starts, first, warm, webhooks };
  const costs = costsOf(warm);
  const claims = claimsOf(measured);
  console.log(
    json ? JSON.stringify({ runs, ...measured, costs, claims }, null, 2) : reportOf(measured, costs, claims),
  );
} catch (error) {
  const isOfUse = error instanceof InvalidInput || error instanceof TypeError;
  console.error(isOfUse ? `${error.message}\n\n${usage}` : error);
  process.exitCode = 1;
}
