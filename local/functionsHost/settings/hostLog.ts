// Writes the host's log lines the way `func start` prints them. Used by every part of the host.
import type { Clock } from '../../../shared/ports/clock.ts';
import type { LogLevel } from '../worker/coreModule.ts';
import { createLogFilter, type LevelsByCategory } from './logFilter.ts';

export type HostLog = {
  /** Text with the time before its first line; information of the host itself where nothing else is said. */
  readonly write: (text: string, level?: LogLevel, category?: string) => void;
};

/** Splits text into lines for `log`, the first of each text stamped with the time. `levels` are host.json's. */
export function createHostLog(log: (line: string) => void, clock: Clock, levels: LevelsByCategory = {}): HostLog {
  const shows = createLogFilter(levels);
  return {
    write: (text, level = 'information', category = 'Host.General') => {
      if (!shows(level, category)) return;
      const stamp = clock.now().toString({ smallestUnit: 'millisecond' });
      for (const line of `[${stamp}] ${text}`.split('\n')) log(line);
    },
  };
}

export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? 'Unknown error'));
}
