import type * as z from 'zod/mini';
// Through the namespace of zod/mini esbuild would bundle all of zod, with its forty languages.
import { toDotPath } from 'zod/v4/core';
import { faultsOf } from '../runtime/faults.ts';

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
