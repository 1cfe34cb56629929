import type * as z from 'zod/mini';

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
