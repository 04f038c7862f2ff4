import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // By itself vitest leaves a core free, which on two cores is every other one.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: ['default'],
    // @azure/functions says of each function that without a host it is only loaded, which is what tests want.
    onConsoleLog: (log) => !log.includes('"@azure/functions" package is in test mode'),
  },
});
