import { expect, test } from 'vitest';
import { bundleOf, packagedFunctions } from '../support/bundles.ts';

/**
 * The size limit of each function in bytes. Every byte makes a cold start slower. If a function grows for a good
 * reason, raise its limit; `npm run bench` shows the cost.
 */
const budgets: Record<string, number> = {
  'delete-agent-message': 398_000,
  'delete-pushed-message': 446_000,
  'deliver-pending': 440_000,
  'erase-visitor': 444_000,
  'fallback-route': 336_000,
  'get-agent-message': 398_000,
  'get-erasure': 390_000,
  'get-notice': 392_000,
  'get-open-api': 430_000,
  'get-pushed-message': 412_000,
  'list-notices': 393_000,
  'ping-agent': 398_000,
  'ping-presence': 385_000,
  'post-agent-message': 398_000,
  'post-pushed-message': 448_000,
  'push-message': 502_000,
  'receive-webhook': 490_000,
  'register-source': 364_000,
  'resolve-notice': 446_000,
  'retry-notices': 393_000,
  'update-agent-message': 398_000,
  'update-notice': 446_000,
  'update-pushed-message': 448_000,
  'withdraw-notice': 446_000,
};

test('every function has a size budget', async () => {
  expect(await packagedFunctions()).toEqual(Object.keys(budgets));
});

test.for(Object.entries(budgets))('the bundle of %s stays below %i bytes', async ([name, most]) => {
  expect((await bundleOf(name)).length).toBeLessThanOrEqual(most);
});
