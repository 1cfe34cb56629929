/** What `npm run simulate` can be told. */
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { parse } from '../../lib/runtime/parse.ts';
import { faultLevels } from './trouble.ts';

const count = z.coerce.number().check(z.int(), z.minimum(1));

const options = z.object({
  seed: z._default(z.coerce.number().check(z.int()), 1),
  orders: z._default(count, 100),
  limit: z._default(count, 100),
  /** Seconds. */
  window: z._default(count, 3600),
  kind: z._default(z.enum(['fixed', 'sliding']), 'fixed'),
  scope: z._default(z.enum(['account', 'endpoint']), 'account'),
  faults: z._default(z.enum(faultLevels), 'none'),
  hours: z._default(z.coerce.number().check(z.positive(), z.maximum(24 * 14)), 24),
  unknown: z._default(z.enum(['hold', 'resend']), 'hold'),
  /** Hours for which Brevo is down, from a third of the time on. */
  outage: z._default(z.coerce.number().check(z.nonnegative(), z.maximum(24 * 7)), 0),
  /** Hours after which news is not told any more. */
  freshness: z._default(z.coerce.number().check(z.positive(), z.maximum(24 * 7)), 24),
  json: z._default(z.boolean(), false),
});

export type Options = z.output<typeof options>;

/** Options with their defaults filled in. */
export const withDefaults = (given: z.input<typeof options> = {}): Options => options.parse(given);

const text = { type: 'string' } as const;

/**
 * Reads the command line.
 * @throws {InvalidInput} naming every option at fault; {TypeError} for one that is not known
 */
export const readOptions = (args: string[]): Options => {
  const { values } = parseArgs({
    args,
    options: {
      seed: text,
      orders: text,
      limit: text,
      window: text,
      kind: text,
      scope: text,
      faults: text,
      hours: text,
      unknown: text,
      outage: text,
      freshness: text,
      json: { type: 'boolean' },
    },
  });
  return parse(options, values, 'The command line');
};
