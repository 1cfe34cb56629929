import { fork } from 'node:child_process';
import { once } from 'node:events';
import * as z from 'zod/mini';

const loadedSchema = z.object({
  isFunction: z.boolean(),
  /** What keeps running after the import, such as a timer or a connection. */
  opened: z.array(z.string()),
  /** Names of the environment that were asked for, so far. */
  read: z.array(z.string()),
});

const outcomeSchema = z.object({
  answer: z.optional(z.unknown()),
  error: z.optional(z.string()),
  read: z.array(z.string()),
});

/**
 * A bundle in a process of its own.
 * @param environment all that it finds in its environment
 */
export const startWatchedBundle = async (file: string, environment: Record<string, string>) => {
  const child = fork(new URL('watched-bundle.mjs', import.meta.url), [file], {
    env: environment,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file} ended its process`);
  });
  // It ends at last, when nobody waits any more.
  ended.catch(() => {});
  const next = async (): Promise<unknown> => (await Promise.race([once(child, 'message'), ended]))[0];
  const loaded = loadedSchema.parse(await next());
  let { read } = loaded;
  return {
    /** How the import went. */
    loaded,
    /** Names of the environment that were asked for, so far. */
    read: () => read,
    /**
     * What the handler answers.
     * @param at milliseconds since 1970
     * @throws Error with what the handler threw
     */
    invoke: async (event: unknown, at: number, remainingMs = 30_000): Promise<unknown> => {
      const said = next();
      child.send({ event, at, remainingMs });
      const outcome = outcomeSchema.parse(await said);
      read = outcome.read;
      if (outcome.error !== undefined) throw new Error(outcome.error);
      return outcome.answer;
    },
    stop: () => void child.kill(),
  };
};
