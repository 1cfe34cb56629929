/** `npm run bench:delivery`: the same burst of events through the bridge and through its alternatives. */
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { InvalidInput, parse } from '../../lib/runtime/parse.ts';
import { faultLevels } from '../simulation/trouble.ts';
import { apiDestination } from './delivery/api-destination.ts';
import { day } from './delivery/day.ts';
import { type Result, resultOf, tableOf } from './delivery/result.ts';
import { sdkFunction } from './delivery/sdk-function.ts';
import { bridge } from './delivery/sender.ts';

const usage = 'npm run bench:delivery -- [--seed N] [--faults none|mild|harsh] [--json]';

const given = z.object({
  seed: z._default(z.coerce.number().check(z.int()), 1),
  faults: z._default(z.enum(faultLevels), 'none'),
  json: z._default(z.boolean(), false),
});

try {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, faults: { type: 'string' }, json: { type: 'boolean' } },
  });
  const { seed, faults, json } = parse(given, values, 'The command line');
  const burst = { orders: 400, events: 1000, hours: 24, seed, faults };
  const results: { name: string; result: Result }[] = [];
  for (const sender of [bridge, apiDestination, sdkFunction])
    results.push({ name: sender.name, result: resultOf(await day(sender, burst)) });
  if (json) console.log(JSON.stringify({ burst, results }, null, 2));
  else {
    const { events, orders, hours } = burst;
    console.log(
      `${events} events on ${orders} orders, 100 requests an hour, two agents, ${hours} hours, faults ${faults}\n`,
    );
    console.log(tableOf(results));
  }
} catch (error) {
  const isOfUse = error instanceof InvalidInput || error instanceof TypeError;
  console.error(isOfUse ? `${error.message}\n\n${usage}` : error);
  process.exitCode = 1;
}
// Abandoned invocations leave timers behind that would hold the process for a minute.
process.exit();
