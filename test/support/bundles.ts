import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import * as z from 'zod/mini';
import { temporaryFolder } from './temporary-folder.ts';
import { unzip } from './unzip.ts';

const packages = (): string => dirname(inject('templateFile'));

/** The functions that would be deployed. */
export const packagedFunctions = async (): Promise<string[]> =>
  (await readdir(packages())).filter((file) => file.endsWith('.zip')).map((file) => file.slice(0, -4));

/** The bundle in a function's package. */
export const bundleOf = async (name: string): Promise<Buffer> => {
  const file = `functions/${name}.mjs`;
  const bundle = unzip(await readFile(join(packages(), `${name}.zip`))).get(file);
  if (bundle === undefined) throw new Error(`${name}.zip holds no ${file}`);
  return bundle;
};

const said = z.object({ answer: z.optional(z.unknown()), error: z.optional(z.string()) });

/**
 * A function's packaged bundle in a fresh process, as after a cold start, until the test ends.
 * @param environment all that it finds in its environment
 * @returns a function from an event to the handler's answer
 */
export const startBundle = async (name: string, environment: Record<string, string>) => {
  const file = join(await temporaryFolder(), `${name}.mjs`);
  await writeFile(file, await bundleOf(name));
  const child = fork(join(import.meta.dirname, 'run-bundle.mjs'), [file], {
    env: environment,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill());
  await once(child, 'message');
  return async (event: unknown, remainingMs = 30_000): Promise<unknown> => {
    const answer = once(child, 'message');
    child.send({ event, remainingMs });
    const { answer: given, error } = said.parse((await answer)[0]);
    if (error !== undefined) throw new Error(error);
    return given;
  };
};
