import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const common = { testTimeout: 60_000, hookTimeout: 60_000 };

/** `unit` tests read the sources; `e2e` tests run the built program, which is built once before them. */
export default defineConfig({
  test: {
    // Most tests wait for other programs: one more at a time than there are processors.
    maxWorkers: availableParallelism() + 1,
    projects: [
      { test: { ...common, name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/e2e/**'] } },
      { test: { ...common, name: 'e2e', include: ['test/e2e/**/*.test.ts'], globalSetup: ['test/services/build.ts'] } },
    ],
  },
});
