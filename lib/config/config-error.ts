import type * as z from 'zod/mini';
// Through the namespace of zod/mini esbuild would bundle all of zod, with its forty languages.
import { toDotPath } from 'zod/v4/core';

type Fault = { path: PropertyKey[]; message: string };

/** A value that fits none of several shapes was meant to have the one that it misses by least. */
const nearest = (alternatives: readonly Fault[][]): Fault[] =>
  alternatives.reduce((best, each) => (each.length < best.length ? each : best), alternatives[0] ?? []);

const faultsOf = (issue: z.core.$ZodIssue): Fault[] => {
  const { path, message } = issue;
  const under = (faults: Fault[]) => faults.map((fault) => ({ ...fault, path: [...path, ...fault.path] }));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], message: 'does not belong here' }));
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? message }];
    case 'invalid_union':
      return under(nearest(issue.errors.map((issues) => issues.flatMap(faultsOf))));
    default:
      return [{ path, message }];
  }
};

/** The configuration has faults; the message names each with its place. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(issues: readonly z.core.$ZodIssue[]) {
    const faults = issues
      .flatMap(faultsOf)
      .map(({ path, message }) => `  ${toDotPath(path) || 'config'}: ${message}`);
    super(['bridge.config.ts is not valid:', ...faults].join('\n'));
  }
}
