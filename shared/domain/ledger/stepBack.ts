// Where a pool went, forward or back, what counts as a step back, and when that is over. AKS rolls a pool's Kubernetes version
// and its image back together, and with them its image family. Used by endOfRoll, causeOf, imageGates and ringHealth.
import type { NodePool } from '../cluster/cluster.ts';
import { compareReleases, isOrdered, type NodeImageVersion, parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import type { PoolHead } from './heads.ts';
import type { Direction } from './ledger.ts';

/** `unclear`: one of the versions is not known, or can't be read. */
type KubernetesMove = 'none' | 'up' | 'down' | 'unclear';

export function kubernetesMove(from: string | undefined, to: string | undefined): KubernetesMove {
  if (!from || !to) return 'unclear';
  if (from === to) return 'none';
  const [before, after] = [numbersOf(from), numbersOf(to)];
  if (!before || !after) return 'unclear';
  for (const [index, number] of before.entries()) {
    // 1.34 may stand for any patch of it.
    const difference = (after[index] ?? number) - number;
    if (difference !== 0) return difference > 0 ? 'up' : 'down';
  }
  return 'none';
}

/** The numbers of a version; what follows them, such as -akslts, says nothing of its age. */
function numbersOf(version: string): readonly number[] | undefined {
  return /^v?(\d+(?:\.\d+)+)(?:[-+].*)?$/.exec(version)?.[1]?.split('.').map(Number);
}

/** A rollback that did not end well may show its version before its image: until that has gone back too, the head keeps its own. */
export function kubernetesAfter(head: PoolHead, pool: NodePool, to: string): string | undefined {
  const isDown = kubernetesMove(head.kubernetesVersion, pool.kubernetesVersion) === 'down';
  const isHalf = isDown && to === head.nodeImageVersion && pool.provisioningState.toLowerCase() !== 'succeeded';
  return isHalf ? head.kubernetesVersion : (pool.kubernetesVersion ?? head.kubernetesVersion);
}

/** Undefined: one can't be read. Across families the release date decides, and on Linux, where all share it, that day's number. */
export function isNewerRelease(to: string, than: string): boolean | undefined {
  const order = compareAges(to, than);
  return order === undefined ? undefined : order > 0;
}

function compareAges(a: string, b: string): number | undefined {
  const [one, other] = [parseNodeImageVersion(a), parseNodeImageVersion(b)];
  if (!one || !other) return undefined;
  const order = compareReleases(one, other);
  if (order !== undefined) return order;
  if (!isOrdered(one) || !isOrdered(other)) return undefined;
  return one.releaseDate === other.releaseDate
    ? patchOf(one) - patchOf(other)
    : one.releaseDate.localeCompare(other.releaseDate);
}

function patchOf({ os, releaseParts }: NodeImageVersion): number {
  return os === 'Linux' ? (releaseParts[3] ?? 0) : 0;
}

/** A pool's head, and what its upgrade profile added: the keeper did not see what was before its time. */
export type HeadAndPast = PoolHead & { readonly ranBefore?: readonly string[] | undefined };

type Ran = Pick<HeadAndPast, 'nodeImageVersion' | 'kubernetesVersion' | 'rolledBackFrom' | 'runs' | 'ranBefore'>;

/**
 * By what the pool ran before: no date tells how two image families follow each other, and AKS takes Kubernetes back on a
 * rollback alone. Undefined: the image stayed.
 */
export function directionOf(ran: Ran, pool: Pick<NodePool, 'kubernetesVersion'>, to: string): Direction | undefined {
  const from = ran.nodeImageVersion;
  const order = orderOf(from, to);
  if (to === from || order === 0) return undefined;
  const move = kubernetesMove(ran.kubernetesVersion, pool.kubernetesVersion);
  if (move === 'down') return 'back';
  if (order === undefined && move === 'up') return 'forward';
  // A Kubernetes upgrade that brings an older release: neither says where the pool went.
  if (order !== undefined && !(move === 'up' && order > 0)) return order > 0 ? 'back' : 'forward';
  if (leftOrNewer(ran, to)) return 'forward';
  const images = [...(ran.runs ?? []).map(({ nodeImageVersion }) => nodeImageVersion), ...(ran.ranBefore ?? [])];
  return images.includes(to) ? 'back' : 'unknown';
}

/** Undefined: of two families, or one can't be read. */
function orderOf(from: string, to: string): number | undefined {
  const [before, after] = [parseNodeImageVersion(from), parseNodeImageVersion(to)];
  return before && after && compareReleases(before, after);
}

/** The pool is back on what a step back had left, or on a newer release of that family. */
function leftOrNewer({ rolledBackFrom: left }: Ran, to: string): boolean {
  return left !== undefined && (to === left || (orderOf(left, to) ?? 1) <= 0);
}

/** `isUnknown`: nobody can tell whether it was a step back, which counts as one until it is over. */
type Left = { readonly image: string; readonly isUnknown: boolean };

function stepBack(ran: Ran, pool: NodePool, to: string, known?: Direction): Left | undefined {
  const { nodeImageVersion: image } = ran;
  const direction = known ?? directionOf(ran, pool, to);
  if (direction !== 'unknown') return direction === 'back' ? { image, isUnknown: false } : undefined;
  // What came to an image that can't be read is not started before it can be.
  const mayBeBack = parseNodeImageVersion(to) !== undefined && (compareAges(image, to) ?? 1) > 0;
  return mayBeBack || kubernetesMove(ran.kubernetesVersion, pool.kubernetesVersion) === 'unclear'
    ? { image, isUnknown: true }
    : undefined;
}

/**
 * The image that a step back left, until the pool ran that release or a newer one; both absent where there was none.
 * @param installed by an attempt that ended now @param known where the pool went, as it is in the record
 */
export function leftByStepBack(
  head: HeadAndPast,
  pool: NodePool,
  to: string,
  installed = head.nodeImageVersion,
  known?: Direction,
): Pick<PoolHead, 'rolledBackFrom' | 'isStepBackUnknown'> {
  const { rolledBackFrom: left, isStepBackUnknown } = head;
  const kept = { rolledBackFrom: left, isStepBackUnknown };
  const isTakenBack = to === head.nodeImageVersion && installed !== to;
  const step = stepBack(
    { ...head, nodeImageVersion: installed },
    pool,
    to,
    known ?? (isTakenBack ? 'back' : undefined),
  );
  if (step) {
    if (left !== undefined && !isNewerRelease(installed, left)) return kept;
    return { rolledBackFrom: step.image, isStepBackUnknown: step.isUnknown || undefined };
  }
  if (left === undefined || to === head.nodeImageVersion) return kept;
  // Of what can't be read only a step forward of the pool itself is known to end it.
  const version = parseNodeImageVersion(left);
  const order = compareAges(to, version && isOrdered(version) ? left : head.nodeImageVersion);
  return order !== undefined && order >= 0 ? {} : kept;
}
