import { defineConfig } from 'vitest/config';

/** Those that also run in depth, with more cases, in `npm run test:slow`. */
const inDepth = [
  'test/integration/{delete-race,concurrent-workers}.test.ts',
  'test/functions/*-fuzz.test.ts',
  'test/lib/sources/whatever-comes.test.ts',
  'test/lib/budget/budget-store.test.ts',
  'test/lib/notices/law.test.ts',
];

/**
 * Those that package the service themselves. The framework does that in one folder, so that they run one after the
 * other. The longest of them, docs.test.ts, runs beside all other tests.
 */
const packaging = ['test/deploy/stages.test.ts', 'test/integration/{http-api,start,webhooks}.test.ts'];

export default defineConfig({
  test: {
    // Vitest leaves one of two processors idle otherwise.
    maxWorkers: 2,
    // Generous, for a machine that does something else as well.
    testTimeout: 20_000,
    env: { POWERTOOLS_METRICS_DISABLED: 'true' },
    coverage: {
      provider: 'v8',
      include: ['functions/**/*.ts', 'lib/**/*.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: { branches: 95, lines: 95, functions: 95 },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{deploy,integration,slow}/**'],
          pool: 'threads',
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'service',
          include: ['test/{deploy,integration}/**/*.test.ts'],
          exclude: packaging,
          globalSetup: 'test/support/package-service.ts',
        },
      },
      {
        extends: true,
        test: { name: 'packaging', include: packaging, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: ['test/slow/**/*.test.ts', ...inDepth],
          provide: { inDepth: true },
          testTimeout: 600_000,
        },
      },
    ],
  },
});
