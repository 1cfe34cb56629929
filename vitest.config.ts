import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Generous, for a machine that does something else as well.
    testTimeout: 20_000,
    globalSetup: 'test/support/package-service.ts',
    coverage: {
      provider: 'v8',
      include: ['functions/**', 'lib/**'],
      reporter: ['text-summary', 'html'],
      thresholds: { branches: 95, lines: 95, functions: 95 },
    },
  },
});
