// The gates that look at states: of the policy, the reads, the cluster, the pool, the attempt in flight and the clock.
import { isTerminal, samePool } from '../cluster/cluster.ts';
import { parseClusterId } from '../cluster/clusterId.ts';
import { reconcile, upgradeByHand } from '../failure/azCommands.ts';
import { maxFailures } from '../failure/failure.ts';
import type { FailedWork } from '../failure/nextStep.ts';
import { selects } from '../policy/policy.ts';
import { unknownTag } from '../policy/policyTags.ts';
import { remedyAnd, starterRefusal } from '../rings/refusal.ts';
import { named, withoutFullStop } from '../text/messageOf.ts';
import { valueIn } from '../text/read.ts';
import { shortened } from '../text/shortened.ts';
import { textOf } from '../window/instants.ts';
import type { Gate, PoolContext } from './gate.ts';

const skewSeconds = 30;
const maxError = 4000;

export const notSelected: Gate = ({ policy, facts: { cluster }, pool, ring }) => {
  if (unknownTag(policy.policy, cluster) !== undefined) return undefined;
  if (!selects(policy.policy, cluster)) return `No selector of the policy matches cluster ${nameOf(cluster)}.`;
  return policy.policy.rings && !ring
    ? `No ring of the policy selects pool ${pool.name} of cluster ${nameOf(cluster)}; add it to one to have it started.`
    : undefined;
};

function nameOf({ id }: PoolContext['facts']['cluster']): string {
  return parseClusterId(id)?.cluster ?? id;
}

export const readFailed: Gate = ({ facts, latest, pool, window, policy }) => {
  const problems = [
    facts.problem && `the cluster (${withoutFullStop(facts.problem)})`,
    facts.cluster.problem && `all of the cluster (${facts.cluster.problem})`,
    pool.problem && `all of the pool (${pool.problem})`,
    window.kind === 'notRead' && `its maintenance window (${withoutFullStop(window.problem)})`,
    'problem' in latest && `the pool's latest node image (${withoutFullStop(latest.problem)})`,
  ].filter(Boolean);
  const { cluster, headsProblem, verdictProblem, attemptProblem, budgetProblem } = facts;
  const tag = unknownTag(policy.policy, cluster);
  const said = [
    problems.length > 0 && `Not known from ARM: ${problems.join(', ')}`,
    tag !== undefined && `The policy asks for the tag ${tag}, which is known once the cluster is listed again`,
    headsProblem && `${withoutFullStop(headsProblem)}, so nobody knows what the record says of the cluster: correct it`,
    verdictProblem && `${verdictProblem}, so nobody knows what a starter found out: correct or delete it`,
    attemptProblem &&
      `An upgrade of the cluster may be in flight: ${attemptProblem}. Look at the cluster's operations in Azure, then correct the row, or delete it when none is under way`,
    budgetProblem &&
      `Nobody knows what is left of the subscription's request budget at ARM: ${budgetProblem}. Correct or delete it`,
  ].filter(Boolean);
  return said.length > 0 ? `${said.join('. ')}. Nothing is started on a guess.` : undefined;
};

export const attemptInFlight: Gate = ({ facts: { attempt }, pool }) => {
  if (!attempt) return undefined;
  const which = samePool(attempt.nodePool, pool.name) ? 'this pool' : `pool ${attempt.nodePool} of this cluster`;
  const stuck = attempt.stuckAt
    ? ` It is stuck: it was estimated to take ${attempt.estimateMinutes} minutes. Look at the pool's operation and at pods that can't be evicted.`
    : '';
  return `The keeper's upgrade of ${which} to ${attempt.to} is in flight (${attempt.state} since ${(attempt.acceptedAt ?? attempt.intendedAt).toString()}).${stuck}`;
};

export const clusterBusy: Gate = (context) => {
  const { cluster } = context.facts;
  const refused = starterRefusal(context, 'clusterBusy');
  if (refused) return refused;
  const state = cluster.provisioningState;
  if (!isTerminal(state)) return `The cluster is busy: its state is ${state}.`;
  const busy = cluster.nodePools
    .filter((other) => !isTerminal(other.provisioningState) && !samePool(other.name, context.pool.name))
    .map((other) => `${other.name} (${other.provisioningState})`)
    .sort();
  return busy.length > 0
    ? `One operation at a time in a cluster, and others of its pools are busy: ${busy.join(', ')}.`
    : undefined;
};

/** A state that AKS keeps until another operation succeeds, so that somebody must act however idle the cluster is. */
export const clusterFailed: Gate = ({ facts: { cluster } }) => {
  const state = cluster.provisioningState;
  if (!isTerminal(state) || hasSucceeded(state)) return undefined;
  const failed = cluster.nodePools.filter(({ provisioningState: of }) => isTerminal(of) && !hasSucceeded(of));
  const first = failed.length > 0 ? ` Repair these pools first: ${named(failed.map(({ name }) => name).sort())}.` : '';
  return `The cluster's last operation ended ${state}, and AKS leaves it so until another one succeeds.${first} See in its activity log what that was, and do it again, or reconcile the cluster, which also resumes what was stopped: ${reconcile(cluster.id)}. Nothing is started until its state is Succeeded.`;
};

export const poolBusy: Gate = ({ pool }) =>
  isTerminal(pool.provisioningState) ? undefined : `The pool is busy: its state is ${pool.provisioningState}.`;

export const poolFailed: Gate = ({ facts: { cluster }, pool, head, latest }) => {
  if (!isTerminal(pool.provisioningState) || hasSucceeded(pool.provisioningState)) return undefined;
  // Our own failed attempt may be repeated, in a later occurrence: a failed upgrade is mended by upgrading again.
  const last = head?.lastAttempt;
  const isOurs = last?.outcome === 'failed' && last.failures > 0 && pool.provisioningState.toLowerCase() === 'failed';
  const failures = failuresAt(last, latest);
  if (isOurs && failures < maxFailures) return undefined;
  const work: FailedWork = isOurs
    ? { kind: 'attempt', outcome: last.outcome, to: last.to, isMoved: false, failures }
    : { kind: 'others' };
  const known = pool.error && { ...pool.error, message: shortened(pool.error.message, maxError) };
  const error = known ? ` (${known.code}: ${withoutFullStop(known.message)})` : '';
  const name = { cluster: cluster.id, nodePool: pool.name };
  // Without an error ARM tells no more than that it ended, as where somebody aborted it.
  const remedy = known
    ? remedyAnd(known, work, name)
    : `Do again what was stopped, or upgrade the node image by hand, which replaces nodes at once: ${upgradeByHand(name)}. ${remedyAnd(known, work, name)}`;
  return `The pool's last operation ended ${pool.provisioningState}${error}. ${remedy}`;
};

export const retryLater: Gate = (context) => {
  const { facts, head, latest, pool } = context;
  const last = head?.lastAttempt;
  const failures = failuresAt(last, latest);
  if (!last || failures < maxFailures) return starterRefusal(context, 'retryLater');
  const work = { kind: 'attempt', outcome: 'failed', to: last.to, isMoved: false, failures } as const;
  // A pool that succeeded since keeps the error of before.
  const error = hasSucceeded(pool.provisioningState) ? undefined : pool.error;
  return `${remedyAnd(error, work, { cluster: facts.cluster.id, nodePool: pool.name })} The last one was ${last.id}.`;
};

export const preflightFailed: Gate = (context) => starterRefusal(context, 'preflightFailed');

export const budget: Gate = ({ facts: { budgetFreeAt } }) => {
  if (!budgetFreeAt) return undefined;
  const sentence = `The subscription's request budget at ARM is spent until ${textOf(budgetFreeAt)}.`;
  return { sentence, nextEligibleAt: budgetFreeAt };
};

function failuresAt(last: NonNullable<PoolContext['head']>['lastAttempt'], latest: PoolContext['latest']): number {
  return last && valueIn(latest) === last.to ? last.failures : 0;
}

export const clockSkew: Gate = ({ facts: { armDate }, now }) => {
  if (!armDate) return undefined;
  if (!armDate.value) return "ARM's answer carries no Date to check the keeper's clock by, so nothing is started.";
  const seconds = Math.abs((armDate.ownAt ?? now).until(armDate.value).total('seconds'));
  return seconds > skewSeconds
    ? `The keeper's clock is ${Math.ceil(seconds)} s from ARM's Date, ${armDate.value.toString()}; at most ${skewSeconds} s is trusted. Set the clock of the keeper's host right.`
    : undefined;
};

export const observeOnly: Gate = ({ policy, ring }) => {
  const mode = ring?.mode ?? policy.policy.mode;
  if (mode === 'enforce' && policy.problem === undefined) return undefined;
  const whose = ring?.mode ? `The mode of ring ${ring.name}` : "The policy's mode";
  const why = policy.problem ?? `${whose} is observe, so the keeper records and starts nothing`;
  return `${withoutFullStop(why)}.`;
};

function hasSucceeded(provisioningState: string): boolean {
  return provisioningState.toLowerCase() === 'succeeded';
}
