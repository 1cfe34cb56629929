import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { choosePorts, requireFreePorts } from '../../tools/local/ports.ts';

export const root = resolve(import.meta.dirname, '../..');

/** A base from which all ports are free, outside of the range from which the system hands out ports by itself. */
export async function freeBase(): Promise<number> {
  // Test files run side by side: each begins elsewhere, so that no two choose the same.
  const first = 21_000 + (process.pid % 900) * 10;
  for (let base = first; base < first + 1_000; base += 10) {
    const isFree = await requireFreePorts(choosePorts({ LOCAL_PORT: String(base) })).then(
      () => true,
      () => false,
    );
    if (isFree) return base;
  }
  throw new Error('no free ports');
}

/** `npm start` until the test ends. */
export async function runLocally(base: number, directory: string) {
  const child = spawn(process.execPath, ['tools/local/start.ts'], {
    cwd: root,
    env: { ...process.env, LOCAL_PORT: String(base), LOCAL_DIRECTORY: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  onTestFinished(async () => void (await stop(child)));
  return { child, output: () => output };
}

export async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill('SIGINT');
    await exit;
  }
  return child.exitCode;
}

/** @throws Error with what the run printed, if it ends before it is healthy */
export async function untilHealthy(base: number, child: ChildProcess): Promise<void> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  while (child.exitCode === null) {
    const response = await fetch(`http://127.0.0.1:${base}/healthz`).catch(() => undefined);
    if (response?.status === 200) return;
    await sleep(100);
  }
  throw new Error(`the local run ended before it was healthy:\n${output}`);
}

export async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'local-run-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
