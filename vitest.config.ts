import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/postgres.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more workers than that only make each other slower.
    maxWorkers: 2,
    // Files share their imports within a worker, which is a third of the time of a run: none may leave anything behind in a module or in process.env.
    isolate: false,
    reporters: ['default'],
  },
});
