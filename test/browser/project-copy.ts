import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freeBase, root, stop, untilHealthy } from '../support/local-run.ts';

const copied = [
  'deploy',
  'events',
  'functions',
  'lib',
  'tools',
  'bridge.config.ts',
  'package.json',
  'serverless.yml',
];

/** A copy of the project that runs, so that a test may change its files. */
export type ProjectCopy = {
  url: string;
  output: () => string;
  isHealthy: () => Promise<void>;
  /** Replaces a part of bridge.config.ts, which must be there, or puts the file back as it was, until the run has heard of it. */
  change: (part: string, by: string) => Promise<void>;
  restore: () => Promise<void>;
  stop: () => Promise<void>;
};

/** `npm start` in a copy of the project; it is still starting when this returns. */
export async function startProjectCopy(environment: Record<string, string> = {}): Promise<ProjectCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'project-copy-'));
  for (const each of copied) await cp(join(root, each), join(folder, each), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const base = await freeBase();
  const child: ChildProcess = spawn(process.execPath, ['tools/local/start.ts'], {
    cwd: folder,
    env: {
      ...process.env,
      ...environment,
      LOCAL_PORT: String(base),
      LOCAL_DIRECTORY: join(folder, '.local'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const config = join(folder, 'bridge.config.ts');
  const original = await readFile(config, 'utf8');
  const reloads = () => output.match(/^bridge\.config\.ts (reloaded|was not reloaded)/gm)?.length ?? 0;
  const save = async (contents: string) => {
    const before = reloads();
    await writeFile(config, contents);
    while (reloads() === before) await sleep(20);
  };
  return {
    url: `http://127.0.0.1:${base}`,
    output: () => output,
    isHealthy: () => untilHealthy(base, child),
    change: async (part, by) => {
      if (!original.includes(part)) throw new Error(`bridge.config.ts does not contain ${part}`);
      await save(original.replace(part, by));
    },
    restore: () => save(original),
    stop: async () => {
      await stop(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
