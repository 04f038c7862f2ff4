import { defineConfig } from 'vitest/config';

/** Tests that share nothing but modules: a worker keeps those from file to file. */
const sharing =
  'test/{adapters,docs,domain,functions,golden,http,local/{fleet,simulator,view},simulation,stores,usecases}/**/*.test.ts';

export default defineConfig({
  test: {
    setupFiles: ['test/setup.ts'],
    // By itself vitest leaves a core free, which on two cores is every other one.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: ['default'],
    // @azure/functions says of each function that without a host it is only loaded, which is what tests want.
    onConsoleLog: (log) => !log.includes('"@azure/functions" package is in test mode'),
    projects: [
      { extends: true, test: { name: 'sharing', include: [sharing], isolate: false } },
      { extends: true, test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: [sharing] } },
    ],
  },
});
