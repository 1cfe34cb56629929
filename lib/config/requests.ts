import * as z from 'zod/mini';
import type { RequestPlan } from '../budget/budget.ts';

/** Brevo's request limit; its defaults are those of the General plan. */
export const requests = z.strictObject({
  // A single one would be kept for the HTTP API.
  limit: z._default(z.int().check(z.gte(2)), 100),
  windowSeconds: z._default(z.int().check(z.positive()), 3600),
  scope: z._default(z.enum(['account', 'endpoint']), 'account'),
});

/** The configured limit as the budget counts it. */
export const requestPlan = ({ limit, windowSeconds, scope }: z.output<typeof requests>): RequestPlan => ({
  limit,
  windowMs: windowSeconds * 1000,
  scope,
});
