// The attempts in flight: observe the cluster of each until its end is in the ledger. Called by the timer followUpgrades.
import { type Attempt, isLookDue, isStuck } from '../../domain/attempt/attempt.ts';
import { clusterKey, idOfKey } from '../../domain/cluster/clusterId.ts';
import { attemptStuck } from '../../domain/notification/fromAttempt.ts';
import { keepDue } from '../../stores/notificationsStore.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { getAttempt, readStarts, replaceAttempt } from '../../stores/starts/startsStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { recordObservation } from '../observe/recordObservation.ts';
import { noteProgress } from './noteProgress.ts';
import { notifyAttempts } from './notifyAttempts.ts';

/** Of more than these, AKS's limit for the status of operations allows no look a minute. */
const fewAttempts = 60;

/** One that can't be followed now is left to the next round; it does not stop the others. */
export async function followAttempts(dependencies: Dependencies): Promise<void> {
  const { attempts, unread } = await readStarts(dependencies.tables);
  for (const { key, problem } of unread) {
    dependencies.log.warn(`The attempt on ${idOfKey(key) ?? key} can't be followed: ${problem}.`);
  }
  if (attempts.length === 0) return;
  const { policy } = await readPolicy(dependencies.tables);
  const now = dependencies.clock.now();
  const looked = attempts.length > fewAttempts ? attempts.filter(({ attempt }) => isLookDue(attempt, now)) : attempts;
  await inParallel(looked, 8, async ({ attempt }) => {
    const what = `Attempt ${attempt.id} on ${attempt.cluster} could not be followed`;
    await contained(dependencies, what, async () => {
      await recordObservation(dependencies, { clusterId: attempt.cluster });
      await markStuck(dependencies, attempt);
      await noteProgress(dependencies, attempt, policy.kubernetes?.enabled ?? false);
    });
  });
  const running = attempts.map(({ attempt }) => attempt);
  await notifyAttempts(dependencies, running, policy);
}

/** Says once that an attempt outlived its estimate; its row stays, and so does everything that waits for it. */
async function markStuck({ clock, tables, topic, log }: Dependencies, { cluster, id }: Attempt): Promise<void> {
  const now = clock.now();
  const stored = await getAttempt(tables, cluster);
  if (stored?.attempt.id !== id || stored.attempt.stuckAt || !isStuck(stored.attempt, now)) return;
  // Before the mark: once it is there, nobody comes here again, and the row may be gone before the topic took it.
  if (topic) await keepDue(tables, clusterKey(cluster), attemptStuck(stored.attempt, now));
  await replaceAttempt(tables, { ...stored.attempt, stuckAt: now });
  const { nodePool, estimateMinutes } = stored.attempt;
  log.warn(`Stuck: attempt ${id} on pool ${nodePool} of ${cluster} was estimated to take ${estimateMinutes} minutes.`);
}
