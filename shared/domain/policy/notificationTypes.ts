// The types of notifications: what the policy chooses among. Their schemas are in notification.ts.

/** Every type, in the order of docs/notifications.md. On the wire it stands behind {@link typePrefix}. */
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
