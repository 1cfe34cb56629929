/** How large each contestant is, and how long a fresh process takes to load it. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import type { Contestant } from './contestants.ts';
import { median } from './median.ts';

const probe = join(import.meta.dirname, 'probe.mjs');

const probed = z.object({ loadMs: z.number(), residentBytes: z.number() });

export interface Start extends Contestant {
  bytes: number;
  gzipBytes: number;
  /** Medians. */
  loadMs: number;
  residentBytes: number;
}

/** What Lambda has set before it loads a function. The baseline ones look at it at once. */
const environment = {
  AWS_REGION: 'eu-west-1',
  BREVO_BASE_URL: 'http://127.0.0.1:1/v3',
  SECRETS_PARAMETER: '/secrets',
  POWERTOOLS_SERVICE_NAME: 'bench',
};

const load = async (file: string): Promise<z.output<typeof probed>> => {
  const { stdout } = await promisify(execFile)(process.execPath, [probe, file], { env: environment });
  return probed.parse(JSON.parse(stdout));
};

/** Loads each contestant so many times, all of them in turn, so that what else the machine does hits all alike. */
export const measureStarts = async (contestants: readonly Contestant[], runs: number): Promise<Start[]> => {
  const loads = contestants.map((): z.output<typeof probed>[] => []);
  for (let run = 0; run < runs; run++) {
    for (const [index, { file }] of contestants.entries()) loads[index]?.push(await load(file));
  }
  return Promise.all(
    contestants.map(async (contestant, index) => {
      const bundle = await readFile(contestant.file);
      const seen = loads[index] ?? [];
      return {
        ...contestant,
        bytes: bundle.length,
        gzipBytes: gzipSync(bundle).length,
        loadMs: median(seen.map(({ loadMs }) => loadMs)),
        residentBytes: median(seen.map(({ residentBytes }) => residentBytes)),
      };
    }),
  );
};
