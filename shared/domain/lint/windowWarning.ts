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

export type WindowWarning = {
  readonly code: (typeof windowWarningCodes)[number];
  /** In the REST API's names; empty for the whole window. */
  readonly path: string;
  readonly message: string;
};
