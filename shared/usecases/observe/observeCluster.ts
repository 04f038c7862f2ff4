// The one way anything is learnt about a cluster: heads, then ARM, then append. Called for events, for differences that
// a pass found, for attempts in flight, and by the weekly check.
import { Temporal } from 'temporal-polyfill';
import type { OperationStatus } from '../../domain/attempt/attempt.ts';
import { clusterKey, parseClusterId, samePool, sameResourceUid } from '../../domain/cluster/cluster.ts';
import type { Entry } from '../../domain/ledger/ledger.ts';
import type { Observation } from '../../domain/observe/observation.ts';
import { observe } from '../../domain/observe/observe.ts';
import { proofsWanted } from '../../domain/observe/proveRoll.ts';
import { toAppends } from '../../domain/observe/toAppends.ts';
import { ArmError } from '../../ports/arm.ts';
import { readFacts } from '../../stores/factsStore.ts';
import { append, type HeadsRead, readHeads } from '../../stores/ledgerStore.ts';
import { startNotificationCursor } from '../../stores/notificationsStore.ts';
import { getAttempt, removeAttempt } from '../../stores/startsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import type { ObserveMessage } from '../messages.ts';
import { attributeRolls } from './attributeRolls.ts';
import { describeEntry } from './describeEntry.ts';
import { projectCluster, projectDelaySeconds } from './projectCluster.ts';
import { readProofs } from './readProofs.ts';

const tries = 8;

/**
 * Reads the cluster and brings its ledger up; returns the new entries.
 * @throws ArmError when ARM can't be read; nothing was written
 */
export async function observeCluster(
  dependencies: Omit<Dependencies, 'subscriptions' | 'requestsPerPass' | 'factsMinutes'>,
  { clusterId, hint }: ObserveMessage,
): Promise<readonly Entry[]> {
  const { clock, arm, tables, queues, log } = dependencies;
  const name = parseClusterId(clusterId);
  if (!name) throw new Error(`"${clusterId}" is not the ARM id of a managed cluster.`);
  const key = clusterKey(clusterId);
  for (let tried = 0; tried < tries; tried += 1) {
    const before = await getAttempt(tables, clusterId);
    // The operation before the cluster: when it has ended, the cluster shows its end.
    const operation = before?.attempt.operationUrl && (await readOperation(dependencies, before.attempt.operationUrl));
    // Heads before ARM: what is appended is never older than what the heads were written from, or they changed (412).
    const heads = await readHeads(tables, key);
    const observedAt = clock.now();
    const cluster = (await arm.getCluster(clusterId))?.cluster;
    // After ARM: the row of an attempt that caused what ARM shows is there, or its end is in the ledger, and we get 412.
    const stored = await getAttempt(tables, clusterId);
    const facts = await readFacts(tables, key);
    const observation: Observation = {
      clusterId: heads.chain?.cluster ?? clusterId,
      cluster,
      observedAt,
      hint: hint && { ...hint, at: Temporal.Instant.from(hint.at) },
      attempt: stored?.attempt,
      operation: operation && before?.attempt.id === stored?.attempt.id ? operation : undefined,
      window: facts && !('problem' in facts.window) ? facts.window.value : undefined,
    };
    if (!cluster && !heads.chain) return [];
    const seen = observe(heads, observation);
    // The nodes after ARM: they are asked what the roll brought only once it has ended. A crash here is an observation lost.
    const proofs = await readProofs(dependencies, cluster, proofsWanted(heads, observation, seen));
    const result = proofs.length > 0 ? observe(heads, { ...observation, proofs }) : seen;
    const appends = toAppends(heads, result, observation, clock.now().toString());
    const entries = appends.flatMap((one) => one.entries);
    if (entries.length > 0) await queues.send('project-cluster', { clusterId }, projectDelaySeconds);
    if (entries.length > 0 && dependencies.topic)
      await startNotificationCursor(tables, key, heads.chain?.sequence ?? 0);
    if ((await append(tables, heads, appends)) === 'conflict') continue;
    for (const entry of entries) log.info(describeEntry(entry));
    // Also without news: a projection that failed to the end, its message poisoned, is made good by the next look.
    await projectCluster(dependencies, { clusterId });
    if (stored) await removeSettled(dependencies, await readHeads(tables, key), stored.attempt);
    // At every look, so that neither a crash nor the order in which roll and evidence come loses the one who did it.
    await attributeRolls(dependencies, clusterId);
    return entries;
  }
  throw new Error(`The ledger of ${key} was changed by others ${tries} times while it was observed; try again.`);
}

/** Undefined when it can't be read: the pool itself tells the end too, only later. */
async function readOperation(
  { arm, log }: Pick<Dependencies, 'arm' | 'log'>,
  operationUrl: string,
): Promise<OperationStatus | undefined> {
  try {
    return await arm.getOperation(operationUrl);
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    log.warn(error.message);
    return undefined;
  }
}

/** An attempt whose end is in the ledger, or whose pool or cluster is no more, is no longer in flight. */
async function removeSettled(
  { tables, log }: Pick<Dependencies, 'tables' | 'log'>,
  heads: HeadsRead,
  attempt: Parameters<typeof removeAttempt>[1],
): Promise<void> {
  const head = heads.pools.find((candidate) => samePool(candidate.nodePool, attempt.nodePool));
  const replaced = !sameResourceUid(heads.chain?.resourceUid, attempt.resourceUid);
  if (head && head.lastAttempt?.id !== attempt.id && !replaced) return;
  if (!(await removeAttempt(tables, attempt))) return;
  log.info(
    `Attempt ${attempt.id} on pool ${attempt.nodePool} ended: ${head?.lastAttempt?.outcome ?? 'the pool is gone'}.`,
  );
}
