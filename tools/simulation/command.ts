/** `npm run simulate`: hours of a shop on a virtual clock, and whether every chat ended right. */
import { ConfigError } from '../../lib/config/config.ts';
import { InvalidInput } from '../../lib/runtime/parse.ts';
import { readOptions } from './config.ts';
import { simulate, summaryOf } from './report.ts';

const usage = `npm run simulate -- [--seed N] [--orders N] [--limit N] [--window SECONDS] [--kind fixed|sliding]
  [--scope account|endpoint] [--faults none|mild|harsh] [--aws none|mild|harsh] [--hours N] [--unknown hold|resend]
  [--outage HOURS] [--freshness HOURS] [--json]`;

// A function that cannot be set up says so on the console, whatever its logger's level.
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

try {
  const options = readOptions(process.argv.slice(2));
  const report = await simulate(options);
  console.log(options.json ? JSON.stringify(report, null, 2) : summaryOf(options, report));
} catch (error) {
  const isOfUse = error instanceof InvalidInput || error instanceof ConfigError || error instanceof TypeError;
  console.error(isOfUse ? `${error.message}\n\n${usage}` : error);
  process.exitCode = 1;
}
// Abandoned invocations leave timers behind that would hold the process for a minute.
process.exit();
