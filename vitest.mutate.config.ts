// What `npm run mutate` runs for every mutant: the tests of the two modules, without those in processes of their own.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/domain/{window,lint,image}/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 20_000,
  },
});
