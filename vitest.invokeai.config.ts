import { defineConfig } from 'vitest/config';

/** The driver of InvokeAI against a real server on the CPU: `npm run test:invokeai`. The first run installs it, a few minutes and 3 GB. */
export default defineConfig({
  test: {
    name: 'invokeai',
    include: ['server/**/*.real.ts'],
    globalSetup: ['server/test/invokeai/real-server.ts'],
    reporters: ['verbose', './vitest.reporter.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
