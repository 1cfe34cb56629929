/** `npm start`: runs the whole bridge on this machine until Ctrl-C. */
import { relative, resolve } from 'node:path';
import { type LocalRun, startLocalRun } from './local-run.ts';
import { choosePorts, refusedByBrowsers } from './ports.ts';
import '../../lib/runtime/parse.ts';

const root = resolve(import.meta.dirname, '../..');
const directory = resolve(root, process.env.LOCAL_DIRECTORY ?? '.local');
const sample = 'events/push-message.order-shipped.json';

const stopping = new AbortController();
const stopped = new Promise<'stopped'>((settle) =>
  stopping.signal.addEventListener('abort', () => settle('stopped')),
);

/** Stops when npm is killed, or the shell that it starts scripts in: nobody could press Ctrl-C any more. */
const stopWithoutNpm = (): void => {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = () => {
    if (process.ppid !== parent) stopping.abort();
  };
  setInterval(watch, 500).unref();
};

const introduction = ({ services, url }: LocalRun, seconds: number): string => {
  const width = (column: 'what' | 'url') => Math.max(...services.map((service) => service[column].length));
  const lines = services.map(
    ({ what, url, note }) => `  ${what.padEnd(width('what'))}  ${url.padEnd(width('url'))}  ${note}`,
  );
  return [
    `\nEverything is up after ${seconds.toFixed(1)} s.\n`,
    ...lines,
    `\nOpen ${url} to see and try it all. From another terminal: npm run send -- ${sample}`,
    `\nCtrl-C stops it. The data stay in ${relative(process.cwd(), directory)}: delete that folder to start afresh.\n`,
  ].join('\n');
};

/** @returns the exit code: 0 when it was asked to stop */
const waitForTheEnd = async (run: LocalRun): Promise<number> => {
  const reason = await Promise.race([stopped, run.ended]);
  if (reason === 'stopped') console.log('\nStopping …');
  else console.error('\nserverless-offline has ended, and with it the functions.');
  await run.close();
  return reason === 'stopped' ? 0 : 1;
};

const main = async (): Promise<number> => {
  const begin = performance.now();
  console.log('Starting the local run …');
  try {
    const ports = choosePorts(process.env);
    const warning = refusedByBrowsers(ports);
    if (warning !== undefined) console.warn(warning);
    const run = await startLocalRun({
      root,
      directory,
      ports,
      environment: process.env,
      signal: stopping.signal,
      log: console.log,
    });
    console.log(introduction(run, (performance.now() - begin) / 1000));
    return await waitForTheEnd(run);
  } catch (error) {
    if (stopping.signal.aborted) return 0;
    console.error(`\nThe local run did not start: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
stopWithoutNpm();
process.exit(await main());
