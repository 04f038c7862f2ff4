// The types of notifications: what the policy chooses among. Their schemas are in notification.ts.

/** In the order of docs/notifications.md. On the wire {@link typePrefix} stands before it. */
export const notificationTypes = [
  'NodeImageTransition',
  'ChangeOutsideWindow',
  'AttemptStarted',
  'AttemptSucceeded',
  'AttemptPartial',
  'AttemptFailed',
  'AttemptStuck',
  'WindowMissed',
  'PoolStale',
  'RingWaitingForApproval',
  'UpgradeAhead',
  'ReportReady',
] as const;

export type NotificationType = (typeof notificationTypes)[number];

export const typePrefix = 'AksNodeImageKeeper.';
