// A roll that has ended, held against what its nodes run: in its entry, or later in an amendment. Called by observe.
import type { Temporal } from 'temporal-polyfill';
import { isTerminal, type NodePool, ofPool, samePool } from '../cluster/cluster.ts';
import { amendmentOf } from '../ledger/amendment.ts';
import type { Heads, PoolHead } from '../ledger/heads.ts';
import { isRoll } from '../ledger/historyRow.ts';
import type { Amendment, EntryBody } from '../ledger/ledger.ts';
import { shortened } from '../text/shortened.ts';
import type { Observation, ObserveResult, PoolHeadDraft } from './observation.ts';
import type { SeenPool } from './seen.ts';

export type ProofWanted = {
  readonly pool: NodePool;
  readonly image: string;
  readonly isRetry: boolean;
};

type RollBody = Extract<EntryBody, { kind: 'transition' | 'rolled' }>;
type Standing = Pick<PoolHead, 'openProof' | 'nodesBehind'>;

const retry = { minMinutes: 5, maxMinutes: 30, shareOfAge: 4 };
const maxHours = 24;

/** Soon after the roll every five minutes, later every half hour; for a day, and while nodes are behind, until they agree. */
export function isProofDue({ openProof, nodesBehind }: PoolHead, now: Temporal.Instant): boolean {
  if (!openProof) return false;
  const age = openProof.since.until(now).total('minutes');
  if (!nodesBehind && age > maxHours * 60) return false;
  const wait = Math.min(Math.max(age / retry.shareOfAge, retry.minMinutes), retry.maxMinutes);
  // A look in the future was one of a clock that ran ahead.
  return Math.abs(openProof.triedAt.until(now).total('minutes')) >= wait;
}

/** The pools whose nodes bear on this observation: rolls that it shows ended, and open proofs that are due. */
export function proofsWanted(
  { pools: heads }: Heads,
  { cluster, attempt, observedAt }: Observation,
  { ended, pools: changes }: ObserveResult,
): readonly ProofWanted[] {
  if (!cluster || ended) return [];
  return cluster.nodePools.flatMap((pool): ProofWanted[] => {
    const roll = ofPool(changes, pool.name)?.entries.find(isRoll);
    if (roll) {
      const image = imageOf(roll, attempt);
      return image === undefined ? [] : [{ pool, image, isRetry: false }];
    }
    const head = ofPool(heads, pool.name);
    const isDue = head && isAtRest(head, pool) && isProofDue(head, observedAt);
    return isDue ? [{ pool, image: head.nodeImageVersion, isRetry: true }] : [];
  });
}

function imageOf(roll: RollBody, attempt: Observation['attempt']): string | undefined {
  if (roll.outcome === 'succeeded') return roll.to;
  const hasEnded = roll.outcome === 'failed' || roll.outcome === 'canceled';
  return hasEnded && attempt?.id === roll.attempt ? attempt?.to : undefined;
}

/** The entry with its proof, and what of it stays open in the pool's head. Nodes behind make a success partial, no failure. */
export function withProof<Roll extends RollBody>(
  roll: Roll,
  { proofs, attempt, observedAt }: Observation,
): { readonly roll: Roll; readonly standing: Standing } {
  const image = imageOf(roll, attempt);
  const proof = proofs?.find((one) => samePool(one.nodePool, roll.nodePool) && one.image === image);
  if (!proof) return { roll, standing: {} };
  const isOpen = roll.outcome === 'succeeded' && ('problem' in proof || proof.standing !== 'whole');
  const standing = isOpen ? { openProof: { since: observedAt, triedAt: observedAt, attempt: roll.attempt } } : {};
  if ('problem' in proof) return { roll: { ...roll, proofProblem: told(proof.problem) }, standing };
  const { nodes } = proof;
  if (proof.standing === 'notReady') {
    const proofProblem = `only ${nodes.ready} of ${nodes.total} nodes are Ready`;
    return { roll: { ...roll, nodes, proofProblem }, standing };
  }
  const proven = { ...roll, proof: proof.proof, nodes };
  if (!isOpen) return { roll: proven, standing };
  const nodesBehind = { proof: proof.proof, nodes, countedAt: observedAt };
  return { roll: { ...proven, outcome: 'partial' }, standing: { ...standing, nodesBehind } };
}

/** It may hold what ARM or a Kubernetes API answered: a row must take it, and its hash. */
function told(problem: string): string {
  return shortened(problem.toWellFormed(), 500);
}

export function standingOf({ openProof, nodesBehind }: PoolHead): Standing {
  return { openProof, nodesBehind };
}

/** What a later look at its nodes adds to a pool that stands still. @param rested its head but for it */
export function proveLater({ head, pool, observation }: SeenPool, rested: PoolHeadDraft) {
  const { openProof, nodesBehind } = head;
  const found = observation.proofs?.find(
    ({ nodePool, image }) => samePool(nodePool, pool.name) && image === head.nodeImageVersion,
  );
  if (!openProof || !found || !isAtRest(head, pool)) return undefined;
  const at = observation.observedAt;
  const tried = { openProof: { ...openProof, triedAt: at }, nodesBehind: undefined };
  const change = (standing: Standing, news?: Partial<Amendment>) => ({
    entries: news ? [amend(head, observation, news)] : [],
    head: { ...rested, lastAttempt: attemptAfter(head, news?.outcome), ...standing },
  });
  if ('problem' in found) return change({ ...tried, nodesBehind });
  const { proof, nodes, standing } = found;
  const mended = nodesBehind && 'succeeded';
  switch (standing) {
    case 'whole':
      return change({ openProof: undefined, nodesBehind: undefined }, { proof, nodes, outcome: mended });
    case 'notReady':
      // Not the proof, but none of them is behind any more.
      return change(tried, mended && { proof: 'pool', nodes, outcome: mended });
    case 'behind':
      return change(
        { ...tried, nodesBehind: { proof, nodes, countedAt: at } },
        nodesBehind ? undefined : { proof, nodes, outcome: 'partial' },
      );
  }
}

function isAtRest(head: PoolHead, pool: NodePool): boolean {
  return isTerminal(pool.provisioningState) && !head.rolling && pool.nodeImageVersion === head.nodeImageVersion;
}

/** The head's newest entry is the roll: only another roll, or the pool's end, comes after it. */
function amend(head: PoolHead, { cluster, clusterId, observedAt }: Observation, news: Partial<Amendment>): EntryBody {
  const row = { cluster: cluster?.id ?? clusterId, nodePool: head.nodePool, sequence: head.sequence };
  const source = { name: news.proof ?? 'pool', id: head.nodeImageVersion };
  return amendmentOf(row, { source, ...news }, observedAt.toString());
}

function attemptAfter({ lastAttempt, openProof }: PoolHead, outcome: Amendment['outcome']): PoolHead['lastAttempt'] {
  if (!lastAttempt || outcome === undefined || lastAttempt.id !== openProof?.attempt) return lastAttempt;
  return { ...lastAttempt, outcome, failures: outcome === 'partial' ? lastAttempt.failures + 1 : 0 };
}
