/** The functions as they are deployed, and what else would do their job, each as one file that Node can load. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import * as z from 'zod/mini';

export interface Contestant {
  name: string;
  /** A function of the bridge, or what it is compared with. */
  kind: 'function' | 'yardstick';
  file: string;
}

const root = resolve(import.meta.dirname, '../..');
const stage = 'bench';
const work = join(root, '.esbuild', stage);

const state = z.object({
  service: z.object({
    functions: z.record(z.string(), z.object({ handler: z.string() })),
    custom: z.object({
      esbuild: z.object({
        minify: z.boolean(),
        target: z.string(),
        mainFields: z.array(z.string()),
        plugins: z.string(),
      }),
    }),
  }),
});

/** Packages the service, and says what for and how. */
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

interface Program {
  name: string;
  entry: string;
  options: BuildOptions;
}

const buildProgram = async ({ name, entry, options }: Program): Promise<Contestant> => {
  const file = join(
    work,
    'programs',
    `${name.replaceAll(/\W+/g, '-')}.${options.format === 'esm' ? 'mjs' : 'cjs'}`,
  );
  await build({ ...options, absWorkingDir: root, entryPoints: [entry], outfile: file, logLevel: 'error' });
  return { name, kind: 'yardstick', file };
};

/** Builds them all, the functions by packaging the service. */
export const buildContestants = async (): Promise<Contestant[]> => {
  const { functions, custom } = await packageService();
  const { plugins: pluginFile, ...chosen } = custom.esbuild;
  const { default: plugins } = await import(join(root, pluginFile));
  /** The deployment's own options, but for what is made of the AWS SDK. */
  const plain: BuildOptions = { bundle: true, platform: 'node', format: 'esm', ...chosen };
  const own = Object.entries(functions).map(([name, { handler }]) => {
    const file = join(work, '.build', handler.replace(/\.\w+$/, '.mjs'));
    return { name, kind: 'function' as const, file };
  });
  const program = (file: string) => `tools/bench/programs/${file}.ts`;
  const others: Program[] = [
    { name: 'empty handler', entry: program('empty'), options: plain },
    { name: 'raw fetch', entry: program('raw-fetch'), options: plain },
    { name: 'official SDK alone', entry: program('official-sdk'), options: plain },
    { name: 'baseline, queue', entry: program('baseline-queue'), options: defaults },
    { name: 'baseline, HTTP', entry: program('baseline-http'), options: defaults },
    { name: 'baseline, queue, minified', entry: program('baseline-queue'), options: plain },
    { name: 'baseline, HTTP, minified', entry: program('baseline-http'), options: plain },
    { name: 'push-message, its calls alone', entry: program('calls-alone'), options: { ...plain, plugins } },
    { name: 'push-message, whole AWS SDK', entry: 'functions/push-message.ts', options: plain },
    {
      name: 'push-message, AWS SDK of the runtime',
      entry: 'functions/push-message.ts',
      options: { ...plain, external: ['@aws-sdk/*'] },
    },
  ];
  return [...own, ...(await Promise.all(others.map(buildProgram)))];
};
