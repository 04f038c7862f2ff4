// Starts one pool's upgrade, or finds out why not: fresh reads -> decide again -> intent -> one request. Called for each
// message of the queue start-upgrade.
import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { type Attempt, evolve } from '../domain/attempt.ts';
import { type Cluster, clusterKey, samePool, sameResourceUid, subscriptionOf } from '../domain/cluster.ts';
import type { Decision } from '../domain/decision.ts';
import type { PoolHead } from '../domain/ledger.ts';
import { requestsPerStart } from '../domain/requestBudget.ts';
import { verdictOf } from '../domain/starterVerdict.ts';
import type { StartAnswer } from '../ports.ts';
import { closeBudget, takeRequests } from '../stores/budgetStore.ts';
import { readPoolViews, storeDecisions, viewsOf } from '../stores/decisionsStore.ts';
import {
  clearVerdict,
  readFacts,
  readSubscriptionFacts,
  type StoredFacts,
  writeFacts,
  writeVerdict,
} from '../stores/factsStore.ts';
import { readHeads } from '../stores/ledgerStore.ts';
import { readPolicy } from '../stores/policyStore.ts';
import { getAttempt, insertAttempt, removeAttempt, replaceAttempt } from '../stores/startsStore.ts';
import type { Dependencies } from './dependencies.ts';
import type { StartMessage } from './messages.ts';
import { describe, toViews } from './planUpgrades.ts';
import { readClusterFacts } from './refreshFacts.ts';
import { planAfterPreflight, readPreflight } from './runPreflight.ts';

/** From the last look at the clock to the request; with the 30 s of the request it stays within the window's edge. */
const staleSeconds = 20;

export type StartResult =
  | { readonly kind: 'expired' | 'noBudget' }
  | { readonly kind: 'notStarted'; readonly decision: Decision | undefined }
  | { readonly kind: 'claimed' }
  | { readonly kind: 'sent'; readonly attempt: Attempt; readonly answer: StartAnswer };

/**
 * Sends at most one request, and only when the planner, on reads made just now, says `start` for this very pool.
 * @throws ArmError when the cluster can't be read; the message is tried again until it expires
 */
export async function startUpgrade(dependencies: Dependencies, message: StartMessage): Promise<StartResult> {
  const { clock, arm, tables, log } = dependencies;
  const key = clusterKey(message.clusterId);
  const what = `${key.slice(key.lastIndexOf('|') + 1)}/${message.nodePool}`;
  if (Temporal.Instant.compare(clock.now(), Temporal.Instant.from(message.expiresAt)) >= 0) {
    log.info(`The start of ${what} came too late (${message.expiresAt}); the next pass decides again.`);
    return { kind: 'expired' };
  }
  const granted = await takeRequests(tables, subscriptionOf(key), requestsPerStart, 0, clock.now());
  if (granted < requestsPerStart) {
    log.info(`The start of ${what} waits: the subscription's request budget is spent.`);
    return { kind: 'noBudget' };
  }
  const known = await readFacts(tables, key);
  const heads = await readHeads(tables, key);
  const stored = await getAttempt(tables, message.clusterId);
  const fresh = await readClusterFacts(dependencies, message.clusterId, [message.nodePool]);
  // The other pools' latest images are as old as before, so that a pass reads them again in time.
  const readAt = known?.readAt ?? fresh.readAt;
  const facts: StoredFacts = { ...fresh, readAt, latest: { ...known?.latest, ...fresh.latest } };
  await writeFacts(tables, key, facts);
  const preflight = await readPreflight(dependencies, message);
  const { verdicts } = await readSubscriptionFacts(tables, subscriptionOf(key));
  // The policy and its holds as late as can be: a hold set meanwhile still counts.
  const policy = await readPolicy(tables);
  // The cluster last: its state, and ARM's Date, are what the clock is held against.
  const read = await arm.getCluster(message.clusterId);
  if (!read) return { kind: 'notStarted', decision: undefined };

  const now = clock.now();
  const decisions = await planAfterPreflight(
    dependencies,
    preflight,
    {
      cluster: read.cluster,
      window: facts.window,
      latest: facts.latest,
      heads: heads.pools,
      attempt: stored?.attempt,
      verdicts: verdicts.get(key) ?? [],
      armDate: { value: read.date },
    },
    policy,
    now,
  );
  const decision = decisions.find(({ nodePool }) => samePool(nodePool, message.nodePool));
  const pool = read.cluster.nodePools.find(({ name }) => samePool(name, message.nodePool));
  const head = heads.pools.find(({ nodePool }) => samePool(nodePool, message.nodePool));
  const attempt = decision && pool && toAttempt(read.cluster, decision, facts, pool.eTag, now);
  // Without a head, or with one that ARM has moved on from, the ledger would not know what this start changes.
  const isKnown =
    head?.nodeImageVersion === attempt?.from && sameResourceUid(heads.chain?.resourceUid, read.cluster.resourceUid);
  if (!attempt || !head || !isKnown) {
    await storeFresh(dependencies, read.cluster, decisions);
    return { kind: 'notStarted', decision };
  }
  return send(dependencies, attempt, head, now);
}

function toAttempt(
  cluster: Cluster,
  decision: Decision,
  facts: StoredFacts,
  eTag: string | undefined,
  now: Temporal.Instant,
): Attempt | undefined {
  const { window, current, latest, estimateMinutes } = decision;
  if (decision.reason !== 'start' || !window || !current || !latest || estimateMinutes === undefined) return undefined;
  if ('problem' in facts.window || !facts.window.value) return undefined;
  return {
    id: randomUUID(),
    state: 'intended',
    cluster: cluster.id,
    ...(cluster.resourceUid ? { resourceUid: cluster.resourceUid } : {}),
    nodePool: decision.nodePool,
    from: current,
    to: latest,
    window: { maintenanceWindow: facts.window.value.maintenanceWindow, readAt: facts.window.value.readAt, ...window },
    intendedAt: now.toString(),
    ...(eTag ? { eTag } : {}),
    estimateMinutes,
    ...(decision.willOverrun ? { willOverrun: true as const } : {}),
  };
}

/** Intent first: its row is the claim on the cluster, and what is left to resolve when we crash behind it. */
async function send(
  dependencies: Dependencies,
  attempt: Attempt,
  judgedOn: PoolHead,
  decidedAt: Temporal.Instant,
): Promise<StartResult> {
  const { clock, arm, tables, log } = dependencies;
  const what = `${attempt.cluster.slice(attempt.cluster.lastIndexOf('/') + 1)}/${attempt.nodePool}`;
  if (!(await insertAttempt(tables, attempt))) {
    log.info(`${what}: another attempt on this cluster is in flight.`);
    return { kind: 'claimed' };
  }
  // An attempt that was in flight when the heads were read may have ended before our insert:
  //   we: read heads · · · · · · · · · · · · · · · · · insert intent · read heads again
  //   it: · · · · · · end into the ledger · row removed
  // Its end is in the ledger before its row goes, so a head that has not moved rules that out.
  const heads = await readHeads(tables, clusterKey(attempt.cluster));
  const head = heads.pools.find(({ nodePool }) => samePool(nodePool, attempt.nodePool));
  const seconds = decidedAt.until(clock.now()).total('seconds');
  if (JSON.stringify(head) !== JSON.stringify(judgedOn) || seconds > staleSeconds) {
    await removeAttempt(tables, attempt);
    log.warn(
      `${what}: its ledger moved, or ${Math.round(seconds)} s went by, since the decision; the next pass decides again.`,
    );
    return { kind: 'notStarted', decision: undefined };
  }
  const answer = await arm.startNodeImageUpgrade(attempt.cluster, attempt.nodePool);
  switch (answer.kind) {
    case 'accepted': {
      const { operationUrl } = answer;
      const running = evolve(attempt, {
        kind: 'accepted',
        at: clock.now(),
        ...(operationUrl === undefined ? {} : { operationUrl }),
      });
      await replaceAttempt(tables, running);
      await clearVerdict(tables, clusterKey(attempt.cluster), attempt.nodePool);
      log.info(`Started: ${what} from ${attempt.from} to ${attempt.to}, attempt ${attempt.id}.`);
      return { kind: 'sent', attempt: running, answer };
    }
    case 'refused':
      await noteRefusal(dependencies, attempt, answer);
      await removeAttempt(tables, attempt);
      log.warn(`Refused: ${what}: ${answer.status} ${answer.code}: ${answer.message}`);
      return { kind: 'sent', attempt, answer };
    case 'unclear': {
      const unclear = evolve(attempt, { kind: 'unclear' });
      await replaceAttempt(tables, unclear);
      log.warn(`Unclear whether ${what} was started: ${answer.message}`);
      return { kind: 'sent', attempt: unclear, answer };
    }
  }
}

async function noteRefusal(
  { clock, tables }: Dependencies,
  { cluster, nodePool }: Attempt,
  refused: Extract<StartAnswer, { kind: 'refused' }>,
): Promise<void> {
  const key = clusterKey(cluster);
  const subscription = subscriptionOf(key);
  const { verdicts } = await readSubscriptionFacts(tables, subscription);
  const before = verdicts.get(key)?.find((verdict) => samePool(verdict.nodePool, nodePool));
  const verdict = verdictOf(nodePool, refused, before, clock.now());
  await writeVerdict(tables, key, verdict);
  if (refused.status !== 429) return;
  const seconds = clock.now().until(Temporal.Instant.from(verdict.retryAt)).total('seconds');
  await closeBudget(tables, subscription, seconds, clock.now());
}

async function storeFresh(
  { tables, log }: Dependencies,
  cluster: Cluster,
  decisions: readonly Decision[],
): Promise<void> {
  const key = clusterKey(cluster.id);
  const subscription = subscriptionOf(key);
  const before = viewsOf(await readPoolViews(tables, subscription), key);
  const news = await storeDecisions(tables, subscription, before, toViews(cluster, decisions));
  for (const decision of news) log.info(describe(decision));
}
