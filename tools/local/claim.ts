/** One local run for each folder of data: two would write over each other's. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import * as z from 'zod/mini';
import { parseJson } from './function-log.ts';
import { otherBase, tryPort } from './ports.ts';

const runSchema = z.object({ pid: z.number(), url: z.string() });

/**
 * Notes in the folder that the run whose console is at `url` uses it.
 *
 * @returns what gives the folder back
 * @throws Error that says in one line what to do when another run uses it
 */
export const claimFolder = async (directory: string, url: string): Promise<() => Promise<void>> => {
  const file = join(directory, 'run.json');
  const other = await readFile(file, 'utf8').then(
    (text) => runSchema.safeParse(parseJson(text)).data,
    () => undefined,
  );
  if (other !== undefined && (await isRunning(other))) {
    const folder = relative(process.cwd(), directory);
    const instead = `LOCAL_DIRECTORY=${folder}-2 LOCAL_PORT=${otherBase(Number(new URL(other.url).port))} npm start`;
    throw new Error(
      `${other.url} runs already with the data in ${folder}: use that, or start another: ${instead}`,
    );
  }
  await mkdir(directory, { recursive: true });
  await writeFile(file, JSON.stringify({ pid: process.pid, url }));
  return () => rm(file, { force: true });
};

/** A run that was killed has left its note, and its process id may be another's by now. */
const isRunning = async ({ pid, url }: z.infer<typeof runSchema>): Promise<boolean> => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return (await tryPort(Number(new URL(url).port))) !== undefined;
};
