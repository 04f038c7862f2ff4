// The time, driven by hand in tests.
import type { Temporal } from 'temporal-polyfill';

export type Clock = { readonly now: () => Temporal.Instant };
