// Where notifications go. Throws when it did not take them all; then some may have been taken. Implemented by adapters/eventGrid.
import type { Notification } from '../domain/notification/notification.ts';

export type Topic = { readonly publish: (notifications: readonly Notification[]) => Promise<void> };
