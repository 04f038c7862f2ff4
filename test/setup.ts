// Run by vitest before each test file.
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect } from 'vitest';

// Properties draw the same cases every time. `FC_SEED=7 npx vitest run …` draws others.
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 1) });

// Instants have no fields of their own, so that any two would be equal. One equals its ISO text: what a row or an answer says.
expect.addEqualityTesters([
  (a, b) => {
    if (!(a instanceof Temporal.Instant) && !(b instanceof Temporal.Instant)) return undefined;
    return String(a) === String(b);
  },
]);
