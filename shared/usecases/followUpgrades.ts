// The attempts in flight: observe the cluster of each until its end is in the ledger. Called by the timer followUpgrades.
import { type Attempt, isStuck } from '../domain/attempt.ts';
import { clusterKey } from '../domain/cluster.ts';
import { attemptStuck } from '../domain/notification/fromAttempt.ts';
import { ArmError } from '../ports.ts';
import { keepDue } from '../stores/notificationsStore.ts';
import { readPolicy } from '../stores/policyStore.ts';
import { getAttempt, listAttempts, replaceAttempt } from '../stores/startsStore.ts';
import { announceAttempts } from './announceAttempts.ts';
import type { Dependencies } from './dependencies.ts';
import { noteProgress } from './noteProgress.ts';
import { observeCluster } from './observeCluster.ts';

/** One that can't be read now is left to the next round; it does not stop the others. */
export async function followUpgrades(dependencies: Dependencies): Promise<void> {
  const attempts = await listAttempts(dependencies.tables);
  if (attempts.length === 0) return;
  const { policy } = await readPolicy(dependencies.tables);
  for (const { attempt } of attempts) {
    try {
      await observeCluster(dependencies, { clusterId: attempt.cluster });
      await markStuck(dependencies, attempt);
      await noteProgress(dependencies, attempt, policy.kubernetes?.enabled ?? false);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      dependencies.log.warn(`Attempt ${attempt.id} could not be followed: ${error.message}`);
    }
  }
  const running = attempts.map(({ attempt }) => attempt);
  await announceAttempts(dependencies, running, policy);
}

/** Says once that an attempt outlived its estimate; its row stays, and so does everything that waits for it. */
async function markStuck({ clock, tables, topic, log }: Dependencies, { cluster, id }: Attempt): Promise<void> {
  const now = clock.now();
  const stored = await getAttempt(tables, cluster);
  if (stored?.attempt.id !== id || stored.attempt.stuckAt || !isStuck(stored.attempt, now)) return;
  // Before the mark: once it is there, nobody comes here again, and the row may be gone before the topic took it.
  if (topic) await keepDue(tables, clusterKey(cluster), attemptStuck(stored.attempt, now.toString()));
  await replaceAttempt(tables, { ...stored.attempt, stuckAt: now.toString() });
  const { nodePool, estimateMinutes } = stored.attempt;
  log.warn(`Stuck: attempt ${id} on pool ${nodePool} of ${cluster} was estimated to take ${estimateMinutes} minutes.`);
}
