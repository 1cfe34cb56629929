import * as z from 'zod/mini';
import { parse } from './parse.ts';

const set = z.string({ error: 'is not set' }).check(z.minLength(1, { error: 'is empty' }));

/**
 * Reads the environment variables that a function needs.
 * @throws {InvalidInput} naming every variable that is missing or empty
 */
export const readEnv = <Name extends string>(
  environment: NodeJS.ProcessEnv,
  ...names: Name[]
): Record<Name, string> =>
  parse(z.record(z.enum(names), set), environmentOf(environment, names), 'The environment');

const environmentOf = (environment: NodeJS.ProcessEnv, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, environment[name]]));
