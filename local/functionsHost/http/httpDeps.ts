// What the answers to HTTP requests need of the host.
import type { HostLog } from '../settings/hostLog.ts';
import type { ServedFunction } from '../triggers/readFunctions.ts';
import type { RunningTimer } from '../triggers/timerTrigger.ts';
import type { After } from '../worker/after.ts';
import type { Invoke } from '../worker/invoke.ts';
import type { Keys } from './keys.ts';

export type HttpDeps = {
  readonly functions: readonly ServedFunction[];
  readonly timers: ReadonlyMap<ServedFunction, RunningTimer>;
  readonly routePrefix: string;
  readonly keys: Keys;
  readonly invoke: Invoke;
  /** Where the library takes requests when the app enables HTTP streams. */
  readonly httpUri: string | undefined;
  readonly log: HostLog;
  readonly after: After;
  readonly isRunning: () => boolean;
};
