// Writes the host's log lines the way `func start` prints them, as far as host.json lets them through.
import type { Clock } from '../../../shared/ports/clock.ts';
import type { LogLevel } from '../worker/coreModule.ts';

export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'];

/** Log levels by category, e.g. `{default: 'information', 'Function.planUpgrades.User': 'debug'}`. */
type LevelsByCategory = Readonly<Record<string, LogLevel>>;

export type HostLog = ReturnType<typeof createHostLog>;

/** Splits text into lines for `log`, the first of each text stamped with the time. `levels` are host.json's. */
export function createHostLog(log: (line: string) => void, clock: Clock, levels: LevelsByCategory = {}) {
  const shows = createLogFilter(levels);
  return {
    write: (text: string, level: LogLevel = 'information', category = 'Host.General'): void => {
      if (!shows(level, category)) return;
      const stamp = clock.now().toString({ smallestUnit: 'millisecond' });
      for (const line of `[${stamp}] ${text}`.split('\n')) log(line);
    },
  };
}

/** As .NET's filter: the longest category that the line's begins with counts, else `default`, else information. */
export function createLogFilter(levels: LevelsByCategory): (level: LogLevel, category: string) => boolean {
  const rules = Object.entries(levels)
    .map(([category, level]) => ({ category: category.toLowerCase(), level }))
    .toSorted((a, b) => b.category.length - a.category.length);
  const otherwise = rules.find((rule) => rule.category === 'default')?.level ?? 'information';
  return (level, category) => {
    const rule = rules.find((other) => category.toLowerCase().startsWith(other.category));
    const least = rule?.level ?? otherwise;
    return least !== 'none' && logLevels.indexOf(level) >= logLevels.indexOf(least);
  };
}

export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? 'Unknown error'));
}
