// The attempts in flight: observe the cluster of each until its end is in the ledger. Called by the timer followUpgrades.
import { ArmError } from '../ports.ts';
import { listAttempts } from '../stores/startsStore.ts';
import type { Dependencies } from './dependencies.ts';
import { observeCluster } from './observeCluster.ts';

/** One that can't be read now is left to the next round; it does not stop the others. */
export async function followUpgrades(dependencies: Dependencies): Promise<void> {
  for (const { attempt } of await listAttempts(dependencies.tables)) {
    try {
      await observeCluster(dependencies, { clusterId: attempt.cluster });
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      dependencies.log.warn(`Attempt ${attempt.id} could not be followed: ${error.message}`);
    }
  }
}
