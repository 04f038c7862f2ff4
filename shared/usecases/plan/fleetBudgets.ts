// What AKS's buckets have to do with the clusters of a subscription. Called by gatherFleet.
import type { Temporal } from 'temporal-polyfill';
import { closedUntil } from '../../domain/attempt/requestBudget.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { clusterKey } from '../../domain/cluster/clusterId.ts';
import { byTime } from '../../domain/text/stored.ts';
import type { SubscriptionFacts } from '../../stores/factsStore.ts';
import { readsOf, upgradesIn } from '../../stores/starts/budgetStore.ts';
import { isStanding, type Slots } from '../../stores/starts/slotsStore.ts';

type Stored = Pick<SubscriptionFacts, 'budgets'> & {
  readonly subscription: string;
  readonly shareForOthers: number;
  readonly now: Temporal.Instant;
};

/** Those in which pools wait to start. */
export function busyRegions(
  clusters: readonly Cluster[],
  slots: Slots,
  now: Temporal.Instant,
): (region: string) => boolean {
  const waiting = new Set<string>();
  for (const { slot } of slots.values()) if (isStanding(slot, now)) waiting.add(clusterKey(slot.cluster));
  const busy = new Set(clusters.filter(({ id }) => waiting.has(clusterKey(id))).map(({ location }) => location ?? ''));
  return (region) => busy.has(region);
}

/** A bucket that is only spent fills while starts wait for their turns. One that ARM closed keeps them waiting. */
export function budgetOf({ location = '' }: Cluster, { subscription, budgets, now, shareForOthers }: Stored) {
  const own = budgets.get(upgradesIn(subscription, location, shareForOthers).row);
  const reads = budgets.get(readsOf(subscription).row);
  const closed = [own, reads].flatMap((read) => (read && 'value' in read && closedUntil(read.value, now)) || []);
  const budgetFreeAt = closed.toSorted(byTime).at(-1);
  return { budgetFreeAt, budgetProblem: own && 'problem' in own ? own.problem : undefined };
}
