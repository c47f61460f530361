import { defineConfig } from 'vitest/config';

/** What takes too long for every change: the same guarantees over many more cases. `npm run test:soak [FILTER]`; `SOAK_SCALE=0.1` does a tenth of the kills and seeds. */
export default defineConfig({
  test: {
    name: 'soak',
    include: ['server/**/*.soak.ts'],
    globalSetup: ['server/test/global-setup.ts'],
    reporters: ['verbose', './vitest.soak-reporter.ts', './vitest.reporter.ts'],
    pool: 'forks',
    // One at a time: one of them measures time.
    fileParallelism: false,
    isolate: false,
    testTimeout: 4 * 3_600_000,
    hookTimeout: 60_000,
  },
});
