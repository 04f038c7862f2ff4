// How the host lets time pass, so that tests can move it by hand.
export type After = (milliseconds: number, run: () => void) => () => void;

/** setTimeout holds 24.8 days, in milliseconds: a longer wait is one of several. */
export const maxTimeout = 24 * 24 * 60 * 60 * 1000;

export const afterTimeout: After = (milliseconds, run) => {
  const timeout = setTimeout(run, milliseconds);
  return () => clearTimeout(timeout);
};

export function pause(milliseconds: number, after: After, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      signal.removeEventListener('abort', end);
      callOff();
      resolve();
    };
    const callOff = after(milliseconds, end);
    signal.addEventListener('abort', end);
  });
}

export class TimedOut extends Error {
  readonly milliseconds: number;
  constructor(milliseconds: number) {
    super(`No end after ${milliseconds} ms.`);
    this.milliseconds = milliseconds;
  }
}

/** The work itself goes on after the time. @param unlimited lifts the limit when it aborts. @throws TimedOut */
export async function withinTime<T>(
  work: Promise<T>,
  milliseconds: number | null,
  after: After,
  unlimited?: AbortSignal,
): Promise<T> {
  if (milliseconds === null) return work;
  const ended = new AbortController();
  const signal = unlimited ? AbortSignal.any([ended.signal, unlimited]) : ended.signal;
  const late = pause(milliseconds, after, signal).then(() => {
    if (signal.aborted) return work;
    throw new TimedOut(milliseconds);
  });
  return Promise.race([work, late]).finally(() => ended.abort());
}
