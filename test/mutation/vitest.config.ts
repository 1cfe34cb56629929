import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // No test of these starts a server.
    include: [
      'test/lib/notices/{lease,override,override-message,record}.test.ts',
      'test/lib/budget/budget.test.ts',
    ],
    setupFiles: 'test/mutation/fixed-seed.ts',
    isolate: false,
    testTimeout: 60_000,
  },
});
