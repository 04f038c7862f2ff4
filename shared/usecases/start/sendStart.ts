// Sends the one request of a start: intent, a last look, the request, and what ARM said. Called by startAttempt.
import type { Temporal } from 'temporal-polyfill';
import { type Attempt, evolve } from '../../domain/attempt/attempt.ts';
import { stillHolds, verdictOf } from '../../domain/attempt/starterVerdict.ts';
import { ofPool } from '../../domain/cluster/cluster.ts';
import { clusterKey, poolLabel } from '../../domain/cluster/clusterId.ts';
import type { PoolHead } from '../../domain/ledger/heads.ts';
import type { PolicyInForce } from '../../domain/policy/policy.ts';
import { whyNotCounted } from '../../domain/rings/ringCount.ts';
import type { StartAnswer } from '../../ports/arm.ts';
import { clearVerdict, readVerdict, updateVerdict } from '../../stores/factsStore.ts';
import { readHeads } from '../../stores/ledgerStore.ts';
import { closeBudget, readClosedUntil, upgradesOf } from '../../stores/starts/budgetStore.ts';
import {
  insertAttempt,
  type QuotaLimit,
  type RingLimit,
  removeAttempt,
  replaceAttempt,
} from '../../stores/starts/startsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { readCounted } from './countedRings.ts';

/** From the last look at the clock to the request; with the 30 s of the request it stays within the window's edge. */
const staleSeconds = 20;

export type SendResult =
  /** Another attempt has the cluster, or the ring its fill of attempts. */
  | { readonly kind: 'claimed' }
  /** The ledger moved, ARM told another start to wait, or too long went by, since it was decided. */
  | { readonly kind: 'notStarted'; readonly decision: undefined }
  | { readonly kind: 'sent'; readonly attempt: Attempt; readonly answer: StartAnswer };

export type Intent = {
  readonly attempt: Attempt;
  /** The pool's head that it was decided on. */
  readonly judgedOn: PoolHead;
  readonly decidedAt: Temporal.Instant;
  readonly limit: RingLimit | undefined;
  readonly quota: QuotaLimit | undefined;
  readonly policy: PolicyInForce;
};

/** Intent first: its row is the claim on the cluster, and what is left to resolve when we crash behind it. */
export async function sendStart(
  dependencies: Dependencies,
  { attempt, judgedOn, decidedAt, limit, quota, policy }: Intent,
): Promise<SendResult> {
  const { arm, tables, log } = dependencies;
  const what = poolLabel(attempt.cluster, attempt.nodePool);
  const claim = await insertAttempt(tables, attempt, limit, quota);
  if (claim !== 'inserted') {
    const why = {
      claimed: 'another attempt on this cluster is in flight',
      atLimit: `ring ${limit?.ring} has its fill of attempts`,
      atQuota: `attempts in flight in ${quota?.region} need what is left of its quotas (${quota?.shares.map(({ name }) => name).join(', ')})`,
    };
    log.info(`${what}: ${why[claim]}.`);
    return { kind: 'claimed' };
  }
  const objection = await lookAgain(dependencies, { attempt, judgedOn, decidedAt, policy });
  if (objection !== undefined) {
    await removeAttempt(tables, attempt);
    log.warn(`${what}: ${objection} since the decision; the next pass decides again.`);
    return { kind: 'notStarted', decision: undefined };
  }
  // Its id goes with the request, so that the Activity Log tells whose it was even when nobody hears the answer.
  const answer = await arm.startNodeImageUpgrade(attempt.cluster, attempt.nodePool, attempt.id);
  return noteAnswer(dependencies, attempt, answer);
}

async function noteAnswer(dependencies: Dependencies, attempt: Attempt, answer: StartAnswer): Promise<SendResult> {
  const { clock, tables, log } = dependencies;
  const what = poolLabel(attempt.cluster, attempt.nodePool);
  switch (answer.kind) {
    case 'accepted': {
      const { operationUrl } = answer;
      const running = evolve(attempt, { kind: 'accepted', at: clock.now(), operationUrl });
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

/**
 * Why the request must not be sent after all. What another starter did between our reads and our insert is not in our reads:
 *   we: read heads, verdicts · · · · · · · · · · · · · · · · · · · · insert intent · read them again
 *   it: · · · · · · · · · · · its end, or ARM's no, written · row removed
 * It writes before its row goes, so what still reads as it did rules that out. News of other clusters is noted before it is in
 * their ledgers: what is not noted by now came after the request. A 429 on another cluster closes the
 * subscription's budget, and no row of ours keeps that from happening: it is looked up as late as can be.
 */
async function lookAgain(
  { clock, tables, shareForOthers }: Dependencies,
  { attempt: { cluster, location, nodePool, ring }, judgedOn, decidedAt, policy }: Omit<Intent, 'limit' | 'quota'>,
): Promise<string | undefined> {
  const key = clusterKey(cluster);
  const heads = await readHeads(tables, key);
  const head = ofPool(heads.pools, nodePool);
  const verdict = await readVerdict(tables, key, nodePool);
  const budget = upgradesOf({ id: cluster, location }, shareForOthers);
  const closed = await readClosedUntil(tables, budget, clock.now());
  const counted = await readCounted(tables, policy, clock.now());
  const now = clock.now();
  const uncounted = counted && whyNotCounted(counted, policy, ring, now);
  const seconds = decidedAt.until(now).total('seconds');
  if (JSON.stringify(head) !== JSON.stringify(judgedOn)) return 'its ledger moved';
  if (verdict && 'problem' in verdict) return verdict.problem;
  if (verdict && stillHolds(verdict.value, now)) {
    return `another start was told to wait until ${verdict.value.retryAt.toString()} (${verdict.value.reason})`;
  }
  if (uncounted) return uncounted;
  if ('problem' in closed) return closed.problem;
  if (closed.value) return `ARM asked to be left alone until ${closed.value.toString()}`;
  return seconds > staleSeconds ? `${Math.round(seconds)} s went by` : undefined;
}

async function noteRefusal(
  { clock, tables, shareForOthers }: Dependencies,
  { cluster, location, nodePool }: Attempt,
  refused: Extract<StartAnswer, { kind: 'refused' }>,
): Promise<void> {
  const key = clusterKey(cluster);
  const now = clock.now();
  const verdict = await updateVerdict(tables, key, nodePool, now, (known) => verdictOf(nodePool, refused, known, now));
  if (refused.status !== 429) return;
  const seconds = now.until(verdict.retryAt).total('seconds');
  await closeBudget(tables, upgradesOf({ id: cluster, location }, shareForOthers), seconds, now, refused.date);
}
