// Run by vitest before each test file: properties draw the same cases every time. `FC_SEED=7 npx vitest run …` draws others.
import * as fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 1) });
