// The one way anything is learnt about a cluster: heads, then ARM, then append.
import type { Attempt, OperationStatus } from '../../domain/attempt/attempt.ts';
import { ofPool, sameResourceUid } from '../../domain/cluster/cluster.ts';
import { clusterKey, parseClusterId, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { isRoll } from '../../domain/ledger/historyRow.ts';
import type { Entry } from '../../domain/ledger/ledger.ts';
import { attemptStarted } from '../../domain/notification/fromAttempt.ts';
import type { Observation } from '../../domain/observe/observation.ts';
import { observe } from '../../domain/observe/observe.ts';
import { proofsWanted } from '../../domain/observe/proveRoll.ts';
import { toAppends } from '../../domain/observe/toAppends.ts';
import { ArmError } from '../../ports/arm.ts';
import { began, isClockOff } from '../../ports/clock.ts';
import { UnreadableRow } from '../../ports/tables.ts';
import { readFacts } from '../../stores/factsStore.ts';
import { type HeadsRead, readHeads } from '../../stores/ledgerStore.ts';
import { keepDue } from '../../stores/notificationsStore.ts';
import { operationsIn, takeRequests } from '../../stores/starts/budgetStore.ts';
import { getAttempt, removeAttempt } from '../../stores/starts/startsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import type { ObserveMessage } from '../messages.ts';
import { appendToLedger, type Decided } from './appendToLedger.ts';
import { attributeRolls } from './attributeRolls.ts';
import { readProofs } from './readProofs.ts';
import { endThrottled, endTurn, takeTurn } from './turn.ts';

/** The new entries; none where ARM must be left alone now, and a later message looks. @throws ArmError when ARM can't be read; nothing was written */
export async function recordObservation(dependencies: Dependencies, message: ObserveMessage) {
  const { clusterId } = message;
  if (!parseClusterId(clusterId)) throw new Error(`"${clusterId}" is not the ARM id of a managed cluster.`);
  const { tables } = dependencies;
  const key = clusterKey(clusterId);
  // Before heads and ARM: an event that comes from here on asks for another observation.
  const hints = await takeTurn(dependencies, message);
  if (!hints) return [];
  const seen = await appendToLedger(dependencies, clusterId, (heads) =>
    look(dependencies, heads, clusterId, hints),
  ).catch((error: unknown) => endThrottled(dependencies, message, hints, error));
  if (!seen) return [];
  const { entries, attempt } = seen;
  await endTurn(dependencies, clusterId, hints, entries !== undefined);
  if (attempt) await removeSettled(dependencies, await readHeads(tables, key), attempt, entries ?? []);
  // At every look, so that neither a crash nor the order in which roll and evidence come loses the one who did it.
  if (entries)
    await attributeRolls(dependencies, clusterId).catch((error: unknown) => unattributed(dependencies, error));
  return entries ?? [];
}

/** A row that can't be read stays so however often the message is tried; GET /api/history/verify names it. */
function unattributed({ log }: Dependencies, error: unknown): void {
  if (!(error instanceof UnreadableRow)) throw error;
  log.warn(`Who rolled the pools of a cluster can't be told: ${error.message}`);
}

/** `entries` undefined: neither ARM nor the ledger knows the cluster. */
type Look = { readonly entries?: readonly Entry[]; readonly attempt?: Attempt | undefined };

async function look(
  dependencies: Dependencies,
  heads: HeadsRead,
  clusterId: string,
  hints: Observation['hints'],
): Promise<Decided<Look>> {
  const { clock, arm, tables } = dependencies;
  const key = clusterKey(clusterId);
  const before = (await getAttempt(tables, clusterId))?.attempt;
  // The operation before the cluster: when it has ended, the cluster shows its end.
  const operation = before?.operationUrl ? await readOperation(dependencies, before, before.operationUrl) : undefined;
  const { at: observedAt, endedAt: answeredAt, value: read } = await began(clock, () => arm.getCluster(clusterId));
  const cluster = read?.cluster;
  // After ARM: the row of an attempt that caused what ARM shows is there, or its end is in the ledger, and we get 412.
  const attempt = (await getAttempt(tables, clusterId))?.attempt;
  if (!cluster && !heads.chain) return { appends: [], outcome: {} };
  const facts = await readFacts(tables, key);
  const observation: Observation = {
    clusterId: heads.chain?.cluster ?? clusterId,
    cluster,
    observedAt,
    answeredAt,
    isTimedByArm: isClockOff(clock),
    hints,
    attempt,
    operation: before?.id === attempt?.id ? operation : undefined,
    window: facts && !('problem' in facts.window) ? facts.window.value : undefined,
    ranBefore: facts?.ranBefore,
  };
  const seen = observe(heads, observation);
  // The nodes after ARM: they are asked what the roll brought only once it has ended. A crash here is an observation lost.
  const proofs = await readProofs(dependencies, cluster, proofsWanted(heads, observation, seen));
  const result = proofs.length > 0 ? observe(heads, { ...observation, proofs }) : seen;
  const appends = toAppends(heads, result, observation, clock.now());
  return { appends, cluster, outcome: { entries: appends.flatMap((one) => one.entries), attempt } };
}

/** Undefined when it can't be read, or AKS's bucket is spent: the pool itself tells the end too, only later. */
async function readOperation(
  { arm, clock, tables, log, shareForOthers }: Dependencies,
  { cluster, location = '' }: Attempt,
  operationUrl: string,
): Promise<OperationStatus | undefined> {
  const budget = operationsIn(subscriptionOf(clusterKey(cluster)), location, shareForOthers);
  if ((await takeRequests(tables, budget, { wanted: 1 }, clock.now())) < 1) return undefined;
  try {
    return await arm.getOperation(operationUrl);
  } catch (error) {
    if (!(error instanceof ArmError) || error.status === 429) throw error;
    log.warn(error.message);
    return undefined;
  }
}

/** An attempt whose end is in the ledger, or whose pool or cluster is no more, is no longer in flight. */
async function removeSettled(
  { tables, topic, log }: Dependencies,
  heads: HeadsRead,
  attempt: Attempt,
  entries: readonly Entry[],
): Promise<void> {
  const head = ofPool(heads.pools, attempt.nodePool);
  const replaced = !sameResourceUid(heads.chain?.resourceUid, attempt.resourceUid);
  if (head && head.lastAttempt?.id !== attempt.id && !replaced) return;
  // Its end may have been recorded before its starter noted that ARM took it: then no entry tells of its start (seed 3100213).
  const isDated = entries.some(
    (entry) => isRoll(entry) && entry.attempt === attempt.id && entry.startedAt !== undefined,
  );
  if (topic && !isDated) {
    const stored = (await getAttempt(tables, attempt.cluster))?.attempt;
    const started = stored?.id === attempt.id ? attemptStarted(stored) : undefined;
    if (started) await keepDue(tables, clusterKey(attempt.cluster), started);
  }
  if (!(await removeAttempt(tables, attempt))) return;
  log.info(
    `Attempt ${attempt.id} on pool ${attempt.nodePool} ended: ${head?.lastAttempt?.outcome ?? 'the pool is gone'}.`,
  );
}
