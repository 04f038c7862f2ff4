// What a pass gives the collectors of notifications, and how they go through its clusters.
import type { Temporal } from 'temporal-polyfill';
import type { PolicyInForce } from '../../domain/policy/policy.ts';
import type { NotificationRows } from '../../stores/notificationsStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { inTurn } from '../inTurn.ts';
import type { Decided, DecidedFleet, Gathered } from '../plan/gatherFleet.ts';

export type PassFacts = {
  readonly policy: PolicyInForce;
  readonly now: Temporal.Instant;
  /** Starts that wait for the pass to end. */
  readonly starts: number;
  readonly subscriptions: readonly DecidedFleet[];
};

export type SubscriptionFacts = Omit<PassFacts, 'subscriptions'> & {
  readonly subscription: string;
  readonly decided: readonly Decided[];
  readonly noted: NotificationRows;
  /** All clusters, those of other subscriptions included. */
  readonly fleet: readonly Gathered[];
};

/** The news of a cluster that makes `collect` throw waits for the next pass. */
export async function ofEachCluster<T>(
  dependencies: Pick<Dependencies, 'log'>,
  { decided, now }: Pick<SubscriptionFacts, 'decided' | 'now'>,
  what: string,
  collect: (one: Decided) => readonly T[] | Promise<readonly T[]>,
): Promise<readonly T[]> {
  const found = await inParallel(inTurn(decided, now), 8, (one) =>
    contained(dependencies, `Notifications: ${what} on ${one.facts.cluster.id} could not be looked for`, () =>
      collect(one),
    ),
  );
  return found.flatMap((news) => news ?? []);
}
