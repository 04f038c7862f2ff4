// Our clock held against the Date of ARM's answers: where they differ, ARM's counts. Built by the composition root.
import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../ports/clock.ts';

const trustedMs = 30_000;
/** A Date has no fractions. */
const fractionMs = 1000;

export type ArmClock = Required<Clock> & {
  /** An answer's Date, and when its request was sent by our own clock: it lies between that and now. */
  readonly note: (date: Temporal.Instant | undefined, sentAt: Temporal.Instant) => void;
  readonly own: () => Temporal.Instant;
};

export function createArmClock({ now: own }: Pick<Clock, 'now'>): ArmClock {
  let correction = 0;
  return {
    own,
    now: () => own().add({ milliseconds: correction }),
    correction: () => correction,
    note: (date, sentAt) => {
      if (!date) return;
      const receivedAt = own().epochMilliseconds;
      const isAhead = date.epochMilliseconds > receivedAt + trustedMs;
      const isBehind = date.epochMilliseconds + fractionMs < sentAt.epochMilliseconds - trustedMs;
      correction = isAhead || isBehind ? date.epochMilliseconds - receivedAt : 0;
    },
  };
}
