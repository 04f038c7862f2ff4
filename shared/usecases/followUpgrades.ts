// The attempts in flight: ask ARM how each stands and bring the ledger up. Called by the timer followUpgrades.
import type { Attempt } from '../domain/attempt.ts';
import { ArmError } from '../ports.ts';
import { listAttempts } from '../stores/startsStore.ts';
import type { Dependencies } from './dependencies.ts';
import { observeCluster } from './observeCluster.ts';

/** One that can't be read now is left to the next round; it does not stop the others. */
export async function followUpgrades(dependencies: Dependencies): Promise<void> {
  for (const { attempt } of await listAttempts(dependencies.tables)) {
    try {
      await follow(dependencies, attempt);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      dependencies.log.warn(`Attempt ${attempt.id} could not be followed: ${error.message}`);
    }
  }
}

async function follow(dependencies: Dependencies, attempt: Attempt): Promise<void> {
  const operation =
    attempt.operationUrl === undefined ? undefined : await dependencies.arm.getOperation(attempt.operationUrl);
  await observeCluster(dependencies, { clusterId: attempt.cluster }, operation?.status);
}
