// Which log lines host.json's logging.logLevel lets through. Used by hostLog.ts and hostJson.ts.
import type { LogLevel } from '../worker/coreModule.ts';

export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'];

/** Log levels by category, e.g. `{default: 'information', 'Function.planUpgrades.User': 'debug'}`. */
export type LevelsByCategory = Readonly<Record<string, LogLevel>>;

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
