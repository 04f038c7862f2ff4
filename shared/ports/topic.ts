// Where notifications go. Implemented by adapters/eventGrid.
import type { Notification } from '../domain/notification/notification.ts';

/** The topic that notifications go to. Throws when it did not take them all; then some may have been taken. */
export type Topic = { readonly publish: (notifications: readonly Notification[]) => Promise<void> };
