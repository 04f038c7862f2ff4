// What made a roll, by the images and Kubernetes versions before and after it. Called by endOfRoll and attribute.
import type { NodePool } from '../cluster/cluster.ts';
import { compareReleases, parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import type { Cause } from '../ledger/ledger.ts';
import { directionOf, type HeadAndPast, kubernetesMove } from '../ledger/stepBack.ts';

export function causeOf(head: HeadAndPast, pool: NodePool | undefined, to: string): Cause {
  const byImages = causeByImages(head.nodeImageVersion, to);
  const move = kubernetesMove(head.kubernetesVersion, pool?.kubernetesVersion);
  if (move === 'down' || directionOf(head, pool ?? {}, to) === 'back') return 'rollback';
  if (move === 'up') return 'kubernetesUpgrade';
  // Into another family, with a Kubernetes version or without: nothing tells.
  return move === 'unclear' && byImages === 'reconfiguration' ? 'unknown' : byImages;
}

/** What two images alone show: a step forward, or images that can't be read, show nothing. */
export function causeByImages(from: string, to: string): Cause {
  const [before, after] = [parseNodeImageVersion(from), parseNodeImageVersion(to)];
  if (!before || !after) return 'unknown';
  const order = compareReleases(before, after);
  if (order === undefined) return 'reconfiguration';
  // The same release with a later patch date: a live patch, or a reimage, on channel SecurityPatch.
  if (order < 0 && before.release === after.release) return 'securityPatch';
  return order > 0 ? 'rollback' : 'unknown';
}
