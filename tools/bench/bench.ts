/**
 * `npm run bench`: size and load time of the functions as they are deployed, of what others would write (Brevo's SDK, Middy,
 * Powertools, zod and the AWS SDK), and of Brevo's SDK alone. All are measured in turn, in one run.
 */
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { InvalidInput, parse } from '../../lib/runtime/parse.ts';
import { baseline, brevoSdk, buildBundles } from './bundles.ts';
import { markdown } from './figures.ts';
import { measureLoads } from './load.ts';

const usage = 'npm run bench -- [--runs N] [--json]';

const given = z.object({
  /** How many times each bundle is loaded. */
  runs: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(101)), 21),
  json: z._default(z.boolean(), false),
});

/** The most that the load time of push-message may be, as a share of another's. */
const goals = [
  { name: baseline, most: 0.6 },
  { name: brevoSdk, most: 1.7 },
];

try {
  const { values } = parseArgs({ options: { runs: { type: 'string' }, json: { type: 'boolean' } } });
  const { runs, json } = parse(given, values, 'The command line');
  console.error('building …');
  const bundles = await buildBundles();
  console.error(`loading ${bundles.length} bundles, ${runs} times each …`);
  const loads = await measureLoads(bundles, runs);
  const of = (name: string) => loads.find((each) => each.name === name)?.loadMs ?? Number.NaN;
  const ratios = goals.map(({ name, most }) => ({ name, ratio: of('push-message') / of(name), most }));
  if (json) console.log(JSON.stringify({ runs, loads, ratios }, null, 2));
  else {
    const rows = loads.map(({ name, bytes, loadMs }) => [name, (bytes / 1000).toFixed(0), loadMs.toFixed(1)]);
    console.log(markdown(['bundle', 'KB', 'load, ms'], rows));
    const compared = ratios.map(({ name, ratio, most }) => [name, ratio.toFixed(2), String(most)]);
    console.log(`\n${markdown(['load of push-message ÷', 'measured', 'at most'], compared)}`);
  }
} catch (error) {
  const isOfUse = error instanceof InvalidInput || error instanceof TypeError;
  console.error(isOfUse ? `${error.message}\n\n${usage}` : error);
  process.exitCode = 1;
}
