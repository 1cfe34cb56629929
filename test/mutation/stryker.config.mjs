export default {
  // What talks to the table or to Brevo is left out (store, item, lookup, ingest, reconcile, sweep, seen, outcomes,
  // erasure, erasure-store, budget-store, metered-client): its tests start servers, too slow to run for each change.
  mutate: ['lib/notices/{lease,notice,override,precedence,record}.ts', 'lib/budget/{budget,health}.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  // What runs on import is not mutated then: a fixture that fails to load counts as an error, not as a kill.
  ignoreStatic: true,
  // No such file: Stryker reads it with an interface that TypeScript 7 does not have.
  tsconfigFile: 'none',
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { reportTests: false },
  concurrency: 2,
  timeoutMS: 15_000,
  thresholds: { high: 95, low: 95, break: 95 },
};
