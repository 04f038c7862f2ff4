// Pools that went back to an older release: what counts as a step back, and when that is over. AKS rolls a pool's Kubernetes
// version and its image back together, and with them its image family. Used by endOfRoll, imageGates and ringHealth.
import type { NodePool } from '../cluster/cluster.ts';
import { compareReleases, isOrdered, type NodeImageVersion, parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import type { PoolHead } from './heads.ts';

type KubernetesMove = 'none' | 'up' | 'down' | 'unclear';

export function kubernetesMove(from: string | undefined, to: string | undefined): KubernetesMove {
  if (!from || !to || from === to) return 'none';
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

type Ran = Pick<PoolHead, 'nodeImageVersion' | 'kubernetesVersion'>;

// Into another family by an older release, or with its Kubernetes version. A Kubernetes upgrade that brings a family whose
// newest release is older is a step forward.
function isStepBack({ nodeImageVersion: from, kubernetesVersion }: Ran, pool: NodePool, to: string): boolean {
  if (to === from) return false;
  const [before, after] = [parseNodeImageVersion(from), parseNodeImageVersion(to)];
  const order = before && after && compareReleases(before, after);
  if (order !== undefined) return order > 0;
  const move = kubernetesMove(kubernetesVersion, pool.kubernetesVersion);
  if (move === 'down' || move === 'unclear') return true;
  // What left an image that can't be read may have gone back. What came to one is not started before it can be read.
  return move === 'none' && after !== undefined && (compareAges(from, to) ?? 1) > 0;
}

/** The image that a step back left, until the pool ran that release or a newer one. @param installed by an attempt that ended now */
export function leftByStepBack(head: PoolHead, pool: NodePool, to: string, installed = head.nodeImageVersion) {
  const left = head.rolledBackFrom;
  if (isStepBack({ ...head, nodeImageVersion: installed }, pool, to)) {
    return left !== undefined && !isNewerRelease(installed, left) ? left : installed;
  }
  if (left === undefined || to === head.nodeImageVersion) return left;
  // Of what can't be read only a step forward of the pool itself is known to end it.
  const version = parseNodeImageVersion(left);
  const order = compareAges(to, version && isOrdered(version) ? left : head.nodeImageVersion);
  return order !== undefined && order >= 0 ? undefined : left;
}
