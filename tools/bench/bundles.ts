/** The functions as they are deployed, and what others would write instead, each as one file that Node can load. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import * as z from 'zod/mini';

export interface Bundle {
  name: string;
  file: string;
}

const root = resolve(import.meta.dirname, '../..');
const stage = 'bench';
const work = join(root, '.esbuild', stage);

const state = z.object({
  service: z.object({
    functions: z.record(z.string(), z.object({ handler: z.string() })),
    custom: z.object({
      esbuild: z.object({ minify: z.boolean(), target: z.string(), mainFields: z.array(z.string()) }),
    }),
  }),
});

/** Packages the service, which leaves a bundle of each function in `work`, and says how it was bundled. */
const packageService = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'conversations-bridge-bench-'));
  try {
    const cli = join(
      dirname(createRequire(import.meta.url).resolve('serverless/package.json')),
      'bin/serverless.js',
    );
    const args = [cli, 'package', '--stage', stage, '--package', directory];
    await promisify(execFile)(process.execPath, args, { cwd: root });
    const { service } = state.parse(
      JSON.parse(await readFile(join(directory, 'serverless-state.json'), 'utf8')),
    );
    return service;
  } finally {
    await rm(directory, { recursive: true });
  }
};

/** As `serverless-esbuild` bundles where nothing is set: https://github.com/floydspace/serverless-esbuild#options */
const defaults: BuildOptions = { bundle: true, platform: 'node', target: 'node24', external: ['aws-sdk'] };

const buildProgram = async (name: string, entry: string, options: BuildOptions): Promise<Bundle> => {
  const extension = options.format === 'esm' ? 'mjs' : 'cjs';
  const file = join(work, 'programs', `${name.replaceAll(/\W+/g, '-')}.${extension}`);
  await build({ ...options, absWorkingDir: root, entryPoints: [entry], outfile: file, logLevel: 'error' });
  return { name, file };
};

/** Those that push-message is compared with. */
export const baseline = 'baseline, minified';
export const brevoSdk = "Brevo's SDK alone";

/** Builds them all, the functions by packaging the service. */
export const buildBundles = async (): Promise<Bundle[]> => {
  const { functions, custom } = await packageService();
  /** The deployment's own options, without its plugin. */
  const ours: BuildOptions = { bundle: true, platform: 'node', format: 'esm', ...custom.esbuild };
  const deployed = Object.entries(functions).map(([name, { handler }]) => ({
    name,
    file: join(work, '.build', handler.replace(/\.\w+$/, '.mjs')),
  }));
  const others = await Promise.all([
    buildProgram('push-message without the plugin', 'functions/push-message.ts', ours),
    buildProgram(brevoSdk, 'tools/bench/programs/brevo-sdk.ts', ours),
    buildProgram('baseline', 'tools/bench/programs/baseline.ts', defaults),
    buildProgram(baseline, 'tools/bench/programs/baseline.ts', ours),
  ]);
  return [...deployed, ...others];
};
