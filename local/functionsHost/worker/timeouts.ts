// The time-outs of invocations, by host.json's functionTimeout. Called by invoke.ts.
import type { After } from '../triggers/timerTrigger.ts';

export type Timeouts = {
  /** The work's outcome, or what `onTimeout` makes when the time is over first; the work itself goes on. */
  readonly limit: <T>(work: Promise<T>, onTimeout: (milliseconds: number) => Error) => Promise<T>;
  /** Lets none fire any more. */
  readonly abandon: () => void;
};

/** @param milliseconds null for none */
export function createTimeouts(milliseconds: number | null, after: After): Timeouts {
  const waiting = new Set<() => void>();
  return {
    limit: (work, onTimeout) => {
      if (milliseconds === null) return work;
      return new Promise((resolve, reject) => {
        const callOff = after(milliseconds, () => {
          waiting.delete(callOff);
          reject(onTimeout(milliseconds));
        });
        waiting.add(callOff);
        const end = () => {
          waiting.delete(callOff);
          callOff();
        };
        work.finally(end).then(resolve, reject);
      });
    },
    abandon: () => {
      for (const callOff of waiting) callOff();
      waiting.clear();
    },
  };
}
