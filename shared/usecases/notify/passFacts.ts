// What a pass tells the collectors of notifications.
import type { Temporal } from 'temporal-polyfill';
import type { PolicyInForce } from '../../domain/policy/policy.ts';
import type { Announcements } from '../../stores/notificationsStore.ts';
import type { Decided, Gathered } from '../plan/gatherFleet.ts';

export type PassFacts = {
  readonly policy: PolicyInForce;
  readonly now: Temporal.Instant;
  /** Starts that wait for the pass to end. */
  readonly starts: number;
  readonly subscriptions: readonly {
    readonly subscription: string;
    readonly decided: readonly Decided[];
    readonly unlisted: readonly Gathered[];
  }[];
};

/** What a step announces about one subscription. */
export type SubscriptionFacts = Omit<PassFacts, 'subscriptions'> & {
  readonly subscription: string;
  readonly decided: readonly Decided[];
  readonly announcements: Announcements;
  /** All clusters, those of other subscriptions included. */
  readonly fleet: readonly Gathered[];
};
