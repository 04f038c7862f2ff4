// Takes the requests of a start from AKS's bucket: all of them, or none. Called by startAttempt.
import { requestsPerStart } from '../../domain/attempt/requestBudget.ts';
import { giveBack, takeRequests, upgradesOf } from '../../stores/starts/budgetStore.ts';
import type { Dependencies } from '../dependencies.ts';
import type { StartMessage } from '../messages.ts';

type Parts = Pick<Dependencies, 'clock' | 'tables' | 'shareForOthers'>;

/** Its windows, the upgrade, and the images of those pools. */
export const requestsOf = (pools: readonly string[]): number => requestsPerStart - 1 + pools.length;

const budgetOf = ({ shareForOthers }: Parts, { clusterId, region }: StartMessage) =>
  upgradesOf({ id: clusterId, location: region }, shareForOthers);

export async function takeStart(parts: Parts, message: StartMessage): Promise<boolean> {
  const budget = budgetOf(parts, message);
  // Of a cluster with more pools than the bucket holds, as many as it holds. What is left over is for who asks at the same moment.
  const wanted = Math.min(requestsOf(message.pools ?? [message.nodePool]), budget.burst - requestsPerStart);
  const asked = { wanted, least: wanted, reserve: requestsPerStart };
  return (await takeRequests(parts.tables, budget, asked, parts.clock.now())) === wanted;
}

/** The upgrade itself was not asked for. */
export function giveUpgradeBack(parts: Parts, message: StartMessage): Promise<void> {
  return giveBack(parts.tables, budgetOf(parts, message), 1, parts.clock.now());
}
