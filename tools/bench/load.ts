/** How large each bundle is, and how long a fresh process takes to load it. */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bundle } from './bundles.ts';
import { median } from './figures.ts';

const probe = join(import.meta.dirname, 'probe.mjs');

export interface Load {
  name: string;
  bytes: number;
  /** Median, milliseconds. */
  loadMs: number;
}

/** What Lambda has set before it loads a function; the baseline reads it at once. */
const environment = {
  AWS_REGION: 'eu-west-1',
  BREVO_BASE_URL: 'http://127.0.0.1:1/v3',
  SECRETS_PARAMETER: '/secrets',
  POWERTOOLS_SERVICE_NAME: 'bench',
};

const load = async (file: string): Promise<number> => {
  const { stdout } = await promisify(execFile)(process.execPath, [probe, file], { env: environment });
  return Number(stdout);
};

/**
 * Loads all bundles one after the other, and so on for as many runs: whatever else the machine does slows all alike.
 * @throws Error with the output of a bundle that does not load
 */
export const measureLoads = async (bundles: readonly Bundle[], runs: number): Promise<Load[]> => {
  const times = bundles.map((): number[] => []);
  for (let run = 0; run < runs; run++) {
    for (const [index, { file }] of bundles.entries()) times[index]?.push(await load(file));
  }
  return Promise.all(
    bundles.map(async ({ name, file }, index) => ({
      name,
      bytes: (await stat(file)).size,
      loadMs: median(times[index] ?? []),
    })),
  );
};
