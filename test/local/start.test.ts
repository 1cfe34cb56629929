import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../local/listen.ts';
import { choosePorts, requireFreePorts } from '../../local/ports.ts';

const root = resolve(import.meta.dirname, '../..');
const timeOut = 60_000;

/** A base from which all ports are free, outside of the range from which the system hands out ports by itself. */
async function freeBase(): Promise<number> {
  for (let base = 21_000; base < 31_000; base += 10) {
    const isFree = await requireFreePorts(choosePorts({ LOCAL_PORT: String(base) })).then(
      () => true,
      () => false,
    );
    if (isFree) return base;
  }
  throw new Error('no free ports');
}

async function run(base: number, directory: string) {
  const child = spawn(process.execPath, ['local/start.ts'], {
    cwd: root,
    env: { ...process.env, LOCAL_PORT: String(base), LOCAL_DIRECTORY: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  onTestFinished(async () => void (await stop(child)));
  return { child, output: () => output };
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill('SIGINT');
    await exit;
  }
  return child.exitCode;
}

async function untilHealthy(base: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const response = await fetch(`http://127.0.0.1:${base}/healthz`).catch(() => undefined);
    if (response?.status === 200) return;
    await sleep(100);
  }
  throw new Error('it ended before it was healthy');
}

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'local-run-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

test('it comes up, runs the functions, stops on Ctrl-C and leaves no port open', {
  timeout: timeOut,
}, async () => {
  const base = await freeBase();
  const directory = await newDirectory();
  const { child, output } = await run(base, directory);
  await untilHealthy(base, child);

  const ports = choosePorts({ LOCAL_PORT: String(base) });
  const name = 'conversations-bridge-local-ping-presence';
  const invoked = await fetch(`http://127.0.0.1:${ports.lambda}/2015-03-31/functions/${name}/invocations`, {
    method: 'POST',
  });
  expect([invoked.status, invoked.headers.get('x-amz-function-error'), output()]).toEqual([
    200,
    null,
    expect.stringContaining('Everything is up'),
  ]);

  const [, sample = ''] = output().match(/npm run send -- (\S+)/) ?? [];
  await access(join(root, sample));

  const begin = performance.now();
  expect(await stop(child)).toBe(0);
  expect(performance.now() - begin).toBeLessThan(3000);
  await expect(requireFreePorts(ports)).resolves.toBeUndefined();
});

test('a taken port is named, and nothing is left running', { timeout: timeOut }, async () => {
  const base = await freeBase();
  const other = await listen(() => {}, base + 2);
  onTestFinished(other.close);
  const { child, output } = await run(base, await newDirectory());
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(output()).toContain(
    `port ${base + 2} is taken, and the local run needs it for the EventBridge endpoint`,
  );
  const { bus: _, ...others } = choosePorts({ LOCAL_PORT: String(base) });
  await expect(requireFreePorts(others)).resolves.toBeUndefined();
});
