// Instants and their texts, each made once: a fleet's windows open at the same few, and making one takes longer than finding
// when a window opens. Called by whoever works out times for every pool.
import { Temporal } from 'temporal-polyfill';
import { onceFor, onceForRecent } from '../text/onceFor.ts';

export const instantAt = onceForRecent((milliseconds: number) => Temporal.Instant.fromEpochMilliseconds(milliseconds));

/** As its `toString` says it. */
export const textOf = onceFor((instant: Temporal.Instant) => instant.toString());
