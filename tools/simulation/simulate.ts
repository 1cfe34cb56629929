import type { Network } from './network.ts';
import type { Options } from './options.ts';
import { type Report, reportOf } from './report.ts';
import { run } from './run.ts';

/**
 * Simulates and judges. All but `wallSeconds` follows from the options alone.
 * @param alter puts something between the functions and the network, such as a fault of the bridge that is to be found
 * @throws {ConfigError} when the limit is too low for the simulated agents
 */
export const simulate = async (options: Options, alter?: (network: Network) => Network): Promise<Report> => {
  const start = performance.now();
  const report = reportOf(await run(options, alter));
  return { ...report, wallSeconds: Math.round(performance.now() - start) / 1000 };
};
