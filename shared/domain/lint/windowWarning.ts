// What is odd about a maintenance window, as the lint says it.

export const windowWarningCodes = [
  'undocumentedInterval',
  'skipsShortMonths',
  'startsInFuture',
  'allBlocked',
  'cutShort',
  'noPoolFits',
  'sameWindow',
  'offsetOfOtherSeason',
  'noNodeOsWindow',
] as const;

/** Not wrong, but perhaps not meant. */
export type WindowWarning = {
  readonly code: (typeof windowWarningCodes)[number];
  /** The field, in the REST API's names: `startDate`, `schedule.weekly.intervalWeeks`; empty for the whole. */
  readonly path: string;
  /** What was found, what it leads to, and where it helps what to do. */
  readonly message: string;
};
