// A roll that has ended, held against what its nodes run: in its entry when they can be read, else in an amendment of it.
// Called by observe, and by whoever asks which nodes are to be read.
import type { Temporal } from 'temporal-polyfill';
import { isTerminal, type NodePool, samePool } from '../cluster/cluster.ts';
import { amendmentOf } from '../ledger/amendment.ts';
import type { Heads, PoolHead } from '../ledger/heads.ts';
import { isRoll } from '../ledger/historyRow.ts';
import type { Amendment, EntryBody, Outcome } from '../ledger/ledger.ts';
import type { Counted } from '../nodes/countNodes.ts';
import type { PoolHeadDraft } from './endOfRoll.ts';
import type { Observation, ObserveResult, PoolChange } from './observation.ts';

/** A pool whose nodes are to be counted against an image. */
export type ProofWanted = {
  readonly pool: NodePool;
  readonly image: string;
  /** It was asked before; it can wait. */
  readonly isRetry: boolean;
};

type RollBody = Extract<EntryBody, { kind: 'transition' | 'rolled' }>;
type Standing = Pick<PoolHead, 'openProof' | 'nodesBehind'>;

const retry = { leastMinutes: 5, mostMinutes: 30, shareOfAge: 4 };
const longestHours = 24;

/**
 * True when the pool's nodes should be asked for again: soon after the roll every five minutes, later every half hour; for a
 * day, and while some are behind, until they agree.
 */
export function isProofDue({ openProof, nodesBehind }: PoolHead, now: Temporal.Instant): boolean {
  if (!openProof) return false;
  const age = openProof.since.until(now).total('minutes');
  if (!nodesBehind && age > longestHours * 60) return false;
  const wait = Math.min(Math.max(age / retry.shareOfAge, retry.leastMinutes), retry.mostMinutes);
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
    const roll = changes.find(({ nodePool }) => samePool(nodePool, pool.name))?.entries.find(isRoll);
    if (roll) {
      const image = imageOf(roll, attempt);
      return image === undefined ? [] : [{ pool, image, isRetry: false }];
    }
    const head = heads.find(({ nodePool }) => samePool(nodePool, pool.name));
    const isDue = head && isAtRest(head, pool) && isProofDue(head, observedAt);
    return isDue ? [{ pool, image: head.nodeImageVersion, isRetry: true }] : [];
  });
}

/** The image that a roll was to bring; undefined where nobody knows it, or where it never began. */
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
  const openProof = { since: observedAt, triedAt: observedAt, attempt: roll.attempt };
  const standing: Standing = isOpen ? { openProof } : {};
  if ('problem' in proof) return { roll, standing };
  const { nodes } = proof;
  if (proof.standing === 'notReady') return { roll: { ...roll, nodes }, standing };
  const isPartial = isOpen && proof.standing === 'behind';
  return {
    roll: { ...roll, proof: proof.proof, nodes, ...(isPartial && { outcome: 'partial' as const }) },
    standing: isPartial ? { ...standing, nodesBehind: behind(proof, observedAt) } : standing,
  };
}

/** What is still open about a pool whose image has not changed since. */
export function standingOf({ openProof, nodesBehind }: PoolHead): Standing {
  return { openProof, nodesBehind };
}

/**
 * What a later look at its nodes adds to a pool that stands still.
 * @param next the pool's head but for it
 * @returns undefined when nobody looked
 */
export function proveLater(
  head: PoolHead,
  pool: NodePool,
  next: PoolHeadDraft,
  observation: Observation,
): (PoolChange & { readonly head: PoolHeadDraft }) | undefined {
  const { openProof, nodesBehind } = head;
  const proof = observation.proofs?.find(
    (one) => samePool(one.nodePool, pool.name) && one.image === head.nodeImageVersion,
  );
  if (!openProof || !proof || !isAtRest(head, pool)) return undefined;
  const at = observation.observedAt;
  const tried = { openProof: { ...openProof, triedAt: at } };
  const change = (standing: Standing, outcome: Outcome | undefined, news?: Partial<Amendment>) => {
    const { openProof: _openProof, nodesBehind: _nodesBehind, ...rest } = next;
    return {
      nodePool: head.nodePool,
      entries: news ? [amend(head, observation, { ...news, ...(outcome && { outcome }) })] : [],
      head: { ...rest, ...withOutcome(head, outcome), ...standing },
    };
  };
  if ('problem' in proof) return change({ ...standingOf(head), ...tried }, undefined);
  const { nodes } = proof;
  const mended = nodesBehind ? ('succeeded' as const) : undefined;
  switch (proof.standing) {
    case 'whole':
      return change({}, mended, { proof: proof.proof, nodes });
    case 'notReady':
      // Not the proof, but none of them is behind any more.
      return change(tried, mended, mended && { proof: 'pool', nodes });
    case 'behind': {
      const standing = { ...tried, nodesBehind: behind(proof, at) };
      if (nodesBehind) return change(standing, undefined);
      return change(standing, 'partial', { proof: proof.proof, nodes });
    }
  }
}

function behind({ proof, nodes }: Counted, countedAt: Temporal.Instant): NonNullable<PoolHead['nodesBehind']> {
  return { proof, nodes, countedAt };
}

function isAtRest(head: PoolHead, pool: NodePool): boolean {
  return isTerminal(pool.provisioningState) && !head.rolling && pool.nodeImageVersion === head.nodeImageVersion;
}

/** The head's newest entry is the roll: only another roll, or the pool's end, comes after it. */
function amend(head: PoolHead, { cluster, clusterId, observedAt }: Observation, news: Partial<Amendment>): EntryBody {
  const row = { cluster: cluster?.id ?? clusterId, nodePool: head.nodePool, sequence: head.sequence };
  const name = news.proof === 'nodes' ? 'nodes' : news.proof === 'instances' ? 'instances' : 'pool';
  return amendmentOf(row, { source: { name, id: head.nodeImageVersion }, ...news }, observedAt.toString());
}

function withOutcome(
  { lastAttempt, openProof }: PoolHead,
  outcome: Outcome | undefined,
): Pick<PoolHead, 'lastAttempt'> {
  if (!lastAttempt || outcome === undefined || lastAttempt.id !== openProof?.attempt) return {};
  return { lastAttempt: { ...lastAttempt, outcome, failures: outcome === 'partial' ? lastAttempt.failures + 1 : 0 } };
}
