/** The Serverless Framework as a child process: it packages the service, and runs the functions by serverless-offline. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import type { Log } from '../aws/listen.ts';
import { readTemplate, type Template } from '../aws/template.ts';
import type { Requests } from './bundles.ts';
import { parseJson, shortenLogLine } from './function-log.ts';
import type { Ports } from './ports.ts';

interface ServerlessOptions {
  /** Where serverless.yml lies. */
  root: string;
  /** Where the local run keeps what it makes. */
  directory: string;
  environment: Record<string, string | undefined>;
  signal: AbortSignal;
}

const stage = 'local';
const stopMilliseconds = 1500;

/** In a process group of its own, where possible: Ctrl-C in a terminal must not cut off a function in mid-call. */
const run = (args: string[], { root, directory, environment }: ServerlessOptions): ChildProcess => {
  const packageFile = createRequire(join(root, 'package.json')).resolve('serverless/package.json');
  return spawn(
    process.execPath,
    [join(dirname(packageFile), 'bin/serverless.js'), ...args, '--stage', stage],
    {
      cwd: root,
      env: { ...environment, LOCAL_DIRECTORY: directory },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: process.platform !== 'win32',
    },
  );
};

/**
 * Packages the service as for a deployment.
 *
 * @throws Error with the framework's own words when serverless.yml, the configuration or the code do not build
 */
export const packageService = async (options: ServerlessOptions): Promise<Template> => {
  const target = join(options.directory, 'package');
  const child = run(['package', '--package', target], options);
  const kill = () => child.kill('SIGTERM');
  options.signal.addEventListener('abort', kill);
  const [[code], output, errors] = await Promise.all([
    once(child, 'close'),
    read(child.stdout),
    read(child.stderr),
  ]);
  options.signal.removeEventListener('abort', kill);
  options.signal.throwIfAborted();
  if (code !== 0) throw new Error(`serverless package failed:\n${`${output}\n${errors}`.trim()}`);
  return readTemplate(join(target, 'cloudformation-template-update-stack.json'));
};

/** What the plugin tells the local run. */
const messageSchema = z.union([
  z.literal('ready'),
  z.object({ config: z.string() }),
  z.object({ refused: z.string() }),
]);

/** The file of the configuration that the functions run with from now on, or why they keep the former one. */
export type Built = { config: string } | { refused: string };

interface Offline {
  /** Resolves when the process has ended, for whatever reason. */
  ended: Promise<void>;
  /** The first build. */
  built: Built;
  /** Builds the functions anew, with these `requests` instead of those of bridge.config.ts if there are any. */
  rebuild: (requests: Requests | undefined) => Promise<Built>;
  close: () => Promise<void>;
}

/**
 * Runs functions and schedules; resolves when they can be called. Passes on what functions log, to `onLogLine` as the value
 * of the JSON line, if it is one.
 *
 * @throws Error with the framework's own words when it ends before that
 */
export const startOffline = async (
  options: ServerlessOptions & { ports: Ports; log: Log; onLogLine: (line: unknown) => void },
): Promise<Offline> => {
  const { ports, log, onLogLine, signal } = options;
  const command = 'offline start --noSponsor --noPrependStageInUrl --host 127.0.0.1';
  const child = run([...command.split(' '), '--lambdaPort', `${ports.lambda}`], options);
  const ended = once(child, 'close').then(() => {});
  const beforeReady: string[] = [];
  let ready = false;
  const show = (line: string) => {
    const value = parseJson(line);
    onLogLine(value);
    const shown = isChatter(line) ? undefined : shortenLogLine(line, value);
    if (shown !== undefined) log(shown);
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      if (!ready) beforeReady.push(line);
      else show(line);
    });
  }
  const builds: ((built: Built) => void)[] = [];
  const nextBuild = () => new Promise<Built>((resolve) => void builds.push(resolve));
  const firstBuild = nextBuild();
  const isReady = new Promise<true>((resolve) => {
    child.on('message', (value) => {
      const message = messageSchema.parse(value);
      if (message === 'ready') resolve(true);
      else builds.shift()?.(message);
    });
  });
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  ready = await Promise.race([isReady, ended.then(() => false)]);
  signal.removeEventListener('abort', kill);
  signal.throwIfAborted();
  if (!ready) throw new Error(`serverless offline failed:\n${beforeReady.join('\n').trim()}`);
  return {
    ended,
    built: await firstBuild,
    rebuild: (requests) => {
      child.send({ requests });
      return nextBuild();
    },
    close: async () => {
      const timer = setTimeout(kill, stopMilliseconds);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    },
  };
};

/** What serverless-offline says about each invocation, beside the functions' own logs. */
const isChatter = (line: string): boolean =>
  line.trim() === '' || line.startsWith('(λ: ') || line.startsWith('Successfully invoked scheduled function');

const read = async (stream: NodeJS.ReadableStream | null): Promise<string> => (stream ? text(stream) : '');
