// Starts one pool's upgrade, or finds out why not: fresh reads -> decide again -> intent -> one request.
import { Temporal } from 'temporal-polyfill';
import { brokenOffVerdict } from '../../domain/attempt/starterVerdict.ts';
import { ofPool, poolOf, sameResourceUid } from '../../domain/cluster/cluster.ts';
import { clusterKey, poolLabel, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { ringsAsCounted } from '../../domain/rings/ringCount.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { ArmError } from '../../ports/arm.ts';
import { readFacts, readVerdicts, updateVerdict, writeFacts } from '../../stores/factsStore.ts';
import { readHeads } from '../../stores/ledgerStore.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { endSlot, holdsSlot } from '../../stores/starts/slotsStore.ts';
import { getAttempt } from '../../stores/starts/startsStore.ts';
import { readClusterViews, toViews } from '../../stores/views/decisionsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import type { StartMessage } from '../messages.ts';
import { toClusterFacts } from '../plan/clusterFacts.ts';
import { keepDecisions } from '../plan/keepDecisions.ts';
import { readClusterFacts } from '../plan/readClusterFacts.ts';
import { attemptsInFlight, readCounted, unlessCounted } from './countedRings.ts';
import { intendedAttempt, limitOf, quotaOf } from './intendedAttempt.ts';
import { planAfterPreflight, readPreflight } from './runPreflight.ts';
import { type SendResult, sendStart } from './sendStart.ts';
import { giveUpgradeBack, takeStart } from './takeStart.ts';

/** Whoever finds the budget spent comes again so much later, until its message expires. */
const spentSeconds = 10;

export type StartResult =
  | { readonly kind: 'expired' | 'replaced' | 'noBudget' | 'brokenOff' }
  | { readonly kind: 'notStarted'; readonly decision: Decision | undefined }
  | SendResult;

/**
 * Sends at most one request, and only when the planner says `start` for this very pool on reads made just now.
 * @throws where storage does not take the verdict on what was thrown; the message is tried again until it expires
 */
export async function startAttempt(dependencies: Dependencies, message: StartMessage): Promise<StartResult> {
  const { clock, log } = dependencies;
  const what = poolLabel(message.clusterId, message.nodePool);
  if (Temporal.Instant.compare(clock.now(), Temporal.Instant.from(message.expiresAt)) >= 0) {
    log.info(`The start of ${what} came too late (${message.expiresAt}); the next pass decides again.`);
    return { kind: 'expired' };
  }
  const { clusterId, nodePool, slot } = message;
  if (slot !== undefined && !(await holdsSlot(dependencies.tables, clusterId, nodePool, slot)))
    return { kind: 'replaced' };
  try {
    const result = await decideAndSend(dependencies, message);
    const isStarted = result.kind === 'sent' && result.answer.kind !== 'refused';
    if (slot !== undefined && result.kind !== 'noBudget')
      await endSlot(dependencies.tables, clusterId, nodePool, slot, isStarted);
    return result;
  } catch (error) {
    await noteBrokenStart(dependencies, message, error);
    return { kind: 'brokenOff' };
  }
}

async function decideAndSend(dependencies: Dependencies, message: StartMessage): Promise<StartResult> {
  const { clock, tables, log } = dependencies;
  const key = clusterKey(message.clusterId);
  const subscription = subscriptionOf(key);
  if (!(await takeStart(dependencies, message))) {
    const what = poolLabel(message.clusterId, message.nodePool);
    log.info(`The start of ${what} waits: the subscription's request budget is spent.`);
    await dependencies.queues.send('start-upgrade', message, spentSeconds);
    return { kind: 'noBudget' };
  }
  const fresh = await readFresh(dependencies, message);
  if (!fresh) {
    await giveUpgradeBack(dependencies, message);
    return { kind: 'notStarted', decision: undefined };
  }

  const now = clock.now();
  const { read, heads, known, facts, preflight } = fresh;
  const { cluster } = read;
  // Whatever time is reckoned with: a start needs a clock of our own that is right.
  const ownAt = now.subtract({ milliseconds: clock.correction?.() ?? 0 });
  const own = { ...toClusterFacts(cluster, undefined, heads, known), armDate: { value: read.date, ownAt } };
  const { policy, counted } = fresh;
  const rings = ringsAsCounted(counted?.count, policy, await attemptsInFlight(tables, policy));
  const planned = await planAfterPreflight(dependencies, preflight, own, { policy, rings }, now);
  const decisions = planned.map((one) => unlessCounted(one, policy, counted, now));
  const decision = ofPool(decisions, message.nodePool);
  const pool = poolOf(read.cluster, message.nodePool);
  const head = ofPool(heads.pools, message.nodePool);
  const quota = pool && quotaOf(cluster, pool, preflight, policy);
  const judged = { facts, policyVersion: policy.version, eTag: pool?.eTag, quota };
  const attempt = decision && pool && intendedAttempt(read.cluster, decision, judged, now);
  // Without a head, or with one that ARM has moved on from, the ledger would not know what this start changes.
  const isKnown =
    head?.nodeImageVersion === attempt?.from && sameResourceUid(heads.chain?.resourceUid, read.cluster.resourceUid);
  if (!attempt || !head || !isKnown) {
    const views = await readClusterViews(tables, key);
    await keepDecisions(dependencies, subscription, policy.policy, views, toViews(cluster, decisions));
    await giveUpgradeBack(dependencies, message);
    return { kind: 'notStarted', decision };
  }
  const limit = limitOf(decision, rings);
  return sendStart(dependencies, { attempt, judgedOn: head, decidedAt: now, limit, quota, policy });
}

/** What the start is judged on, the cluster last; undefined when ARM has no such cluster. */
async function readFresh(dependencies: Dependencies, message: StartMessage) {
  const { clock, arm, tables } = dependencies;
  const { clusterId, nodePool, region, pools = [nodePool] } = message;
  const key = clusterKey(clusterId);
  const before = await readFacts(tables, key);
  const heads = await readHeads(tables, key);
  const stored = await getAttempt(tables, clusterId);
  const fresh = await readClusterFacts(dependencies, { id: clusterId, location: region }, pools);
  // The other pools' latest images are as old as before, so that a pass reads them again in time.
  const latest = { ...before?.latest, ...fresh.latest };
  const ranBefore = { ...before?.ranBefore, ...fresh.ranBefore };
  const facts = { ...fresh, readAt: before?.readAt ?? fresh.readAt, latest, ranBefore };
  await writeFacts(tables, key, facts);
  const preflight = await readPreflight(dependencies, message);
  const { verdicts, verdictProblems } = await readVerdicts(tables, key);
  const starts = { attempts: stored ? [stored] : [], unread: [] };
  const known = { facts: new Map([[key, facts]]), verdicts, verdictProblems, starts };
  // The policy and its holds as late as can be: a hold set meanwhile still counts.
  const policy = await readPolicy(tables);
  const counted = await readCounted(tables, policy, clock.now());
  // The cluster last: its state, and ARM's Date, are what the clock is held against.
  const read = await arm.getCluster(clusterId);
  return read && { read, heads, known, facts, preflight, policy, counted };
}

/** So that the plan says why nothing starts. An intent stays: its request may have been sent. @throws `thrown` itself */
async function noteBrokenStart(
  { clock, tables, log }: Dependencies,
  { clusterId, nodePool }: StartMessage,
  thrown: unknown,
): Promise<void> {
  const retryAfterSeconds = thrown instanceof ArmError ? thrown.retryAfterSeconds : undefined;
  const broken = { message: messageOf(thrown), retryAfterSeconds };
  log.warn(`The start of pool ${nodePool} of ${clusterId} broke off: ${broken.message}`);
  const now = clock.now();
  try {
    await updateVerdict(tables, clusterKey(clusterId), nodePool, now, (known) =>
      brokenOffVerdict(nodePool, broken, known, now),
    );
  } catch (error) {
    log.warn(`That could not be noted: ${messageOf(error)}`);
    throw thrown;
  }
}
