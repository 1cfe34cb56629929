import { expect, test } from 'vitest';
import { bundleOf, packagedFunctions } from './support/bundles.ts';

/**
 * How large each function may be, in bytes: a cold start takes time for each of them. Where one grows for a good reason, so
 * may its budget; `npm run bench` shows what that costs. Above 287,000 it would be more than 0.6 of Brevo's own SDK.
 */
const budgets: Record<string, number> = {
  'delete-agent-message': 126_000,
  'delete-pushed-message': 284_000,
  'deliver-pending': 269_000,
  'erase-visitor': 281_000,
  'fallback-route': 118_000,
  'get-agent-message': 126_000,
  'get-erasure': 122_000,
  'get-notice': 124_000,
  'get-openapi': 143_000,
  'get-pushed-message': 138_000,
  'list-notices': 124_000,
  'ping-agent': 125_000,
  'ping-presence': 113_000,
  'post-agent-message': 126_000,
  'post-pushed-message': 285_000,
  'push-message': 283_000,
  'receive-webhook': 262_000,
  'resolve-notice': 284_000,
  'update-agent-message': 126_000,
  'update-notice': 283_000,
  'update-pushed-message': 285_000,
  'withdraw-notice': 283_000,
};

test('every function has a budget', async () => {
  expect(await packagedFunctions()).toEqual(Object.keys(budgets));
});

test.for(Object.entries(budgets))('%s stays below %i bytes', async ([name, most]) => {
  expect((await bundleOf(name)).length).toBeLessThanOrEqual(most);
});
