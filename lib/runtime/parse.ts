import { en } from 'zod/locales';
import * as z from 'zod/mini';

// zod/mini ships without wording; with it, a fault reads as a sentence rather than as "Invalid input".
z.config(en());

/** One thing that is wrong with a value, and where in it. */
export interface Fault {
  path: PropertyKey[];
  message: string;
}

/** A value that fits none of several shapes was meant to have the one that it misses by least. */
const nearest = (alternatives: readonly Fault[][]): Fault[] =>
  alternatives.reduce((best, each) => (each.length < best.length ? each : best), alternatives[0] ?? []);

/** What zod says of a union by itself. */
const unworded = 'Invalid input';

/** What an issue of zod's says is wrong: a fault for each field. */
export const faultsOf = (issue: z.core.$ZodIssue): Fault[] => {
  const { path, message } = issue;
  const under = (faults: Fault[]) => faults.map((fault) => ({ ...fault, path: [...path, ...fault.path] }));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], message: 'does not belong here' }));
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? message }];
    case 'invalid_union':
      // A union that has words of its own knows best what was meant.
      if (message !== unworded) return [{ path, message }];
      return under(nearest(issue.errors.map((issues) => issues.flatMap(faultsOf))));
    default:
      return [{ path, message }];
  }
};

/** Something from outside does not have the shape it must have. The message names every field at fault. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  readonly faults: readonly Fault[];

  constructor(what: string, faults: readonly Fault[]) {
    const named = faults.map(({ path, message }) =>
      path.length > 0 ? `${path.join('.')}: ${message}` : message,
    );
    super(`${what} is invalid: ${named.join('; ')}`);
    this.faults = faults;
  }
}

const error = ({ input }: { input?: unknown }): string | undefined =>
  input === undefined ? 'is missing' : undefined;

/**
 * What the schema makes of a value from outside.
 * @param what names the value in the error, as in "The event is invalid: …"
 * @throws {InvalidInput} naming every field at fault
 */
export const parse = <S extends z.core.$ZodType>(schema: S, value: unknown, what: string): z.output<S> => {
  const result = z.safeParse(schema, value, { error });
  if (result.success) return result.data;
  throw new InvalidInput(what, result.error.issues.flatMap(faultsOf));
};

/**
 * What the schema makes of a JSON text from outside.
 * @throws {InvalidInput} when the text is no JSON, or naming every field at fault
 */
export const parseJson = <S extends z.core.$ZodType>(schema: S, text: string, what: string): z.output<S> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidInput(what, [{ path: [], message: 'not JSON' }]);
  }
  return parse(schema, value, what);
};
