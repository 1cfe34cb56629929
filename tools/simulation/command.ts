/** `npm run simulate`: hours of a shop on a virtual clock, and whether every chat ended right. */
import { ConfigError } from '../../lib/config/config.ts';
import { InvalidInput } from '../../lib/runtime/parse.ts';
import { readOptions } from './config.ts';
import { simulate, summaryOf } from './report.ts';

/** In full, for `--help`. */
const help = () => `${usage}

Runs the real code through a shop's day on a virtual clock, and counts from Brevo's side what went wrong.

  --seed       what is drawn at random; with the same seed, a failed run can be repeated
  --orders     orders in all; --hours, over how many hours they come
  --limit      requests that Brevo allows in a --window, of a --kind, counted for the --scope
  --faults     how often Brevo fails; --outage, for how many hours it is down altogether
  --unknown    what happens to a message whose outcome is unknown: onUnknownOutcome of bridge.config.ts
  --freshness  hours after which an event brings no message: freshnessHours of bridge.config.ts
  --json       prints the report for a program`;

const usage = `npm run simulate -- [--seed N] [--orders N] [--limit N] [--window SECONDS] [--kind fixed|sliding]
  [--scope account|endpoint] [--faults none|mild|harsh] [--aws none|mild|harsh] [--hours N] [--unknown hold|resend]
  [--outage HOURS] [--freshness HOURS] [--json]`;

// A function that cannot be set up says so on the console, whatever its logger's level.
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

try {
  if (process.argv.slice(2).some((flag) => flag === '--help' || flag === '-h')) {
    console.log(help());
    process.exit();
  }
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
