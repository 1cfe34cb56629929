import { en } from 'zod/locales';
import * as z from 'zod/mini';

// zod/mini has no error messages of its own. With this, a fault reads as a sentence instead of "Invalid input".
z.config(en());

/** One fault in a value, and its path. */
export interface Fault {
  path: PropertyKey[];
  message: string;
}

/** The alternative with the fewest faults, which is most likely the one that was meant. */
const nearest = (alternatives: readonly Fault[][]): Fault[] =>
  alternatives.reduce((best, each) => (each.length < best.length ? each : best), alternatives[0] ?? []);

/** zod's default message for a union. */
const unworded = 'Invalid input';

/** The faults that a zod issue reports, one for each field. */
export const faultsOf = (issue: z.core.$ZodIssue): Fault[] => {
  const { path, message } = issue;
  const under = (faults: Fault[]) => faults.map((fault) => ({ ...fault, path: [...path, ...fault.path] }));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], message: 'does not belong here' }));
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? message }];
    case 'invalid_union':
      // A message set for the union itself is the most helpful one.
      if (message !== unworded) return [{ path, message }];
      return under(nearest(issue.errors.map((issues) => issues.flatMap(faultsOf))));
    default:
      return [{ path, message }];
  }
};

/** A value from outside is invalid. The message names every invalid field. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  readonly faults: readonly Fault[];

  constructor(what: string, faults: readonly Fault[], options?: ErrorOptions) {
    const named = faults.map(({ path, message }) =>
      path.length > 0 ? `${path.join('.')}: ${message}` : message,
    );
    super(`${what} is invalid: ${named.join('; ')}`, options);
    this.faults = faults;
  }
}

const error = ({ input }: { input?: unknown }): string | undefined =>
  input === undefined ? 'is missing' : undefined;

/**
 * Parses a value from outside with a schema.
 * @param what names the value in the error, as in "The event is invalid: …"
 * @throws {InvalidInput} naming every invalid field
 */
export const parse = <S extends z.core.$ZodType>(schema: S, value: unknown, what: string): z.output<S> => {
  const result = z.safeParse(schema, value, { error });
  if (result.success) return result.data;
  throw new InvalidInput(what, result.error.issues.flatMap(faultsOf));
};

/**
 * Keeps a whole number as text if JavaScript would round it: Shopify's sample order has the id 820982911946154508.
 * (Node 20 does not pass the source to a reviver, so it rounds.)
 */
export const exactly = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
    ? context?.source
    : value;

/**
 * Parses JSON from outside with a schema.
 * @throws {InvalidInput} if the text is not JSON, or naming every invalid field
 */
export const parseJson = <S extends z.core.$ZodType>(schema: S, text: string, what: string): z.output<S> => {
  let value: unknown;
  try {
    // A reviver takes several times as long: it is used only for a number, outside of quotes, that may need it.
    value = /[[:,]\s*-?\d{16}/.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch {
    throw new InvalidInput(what, [{ path: [], message: 'not JSON' }]);
  }
  return parse(schema, value, what);
};
