// Which rows of the history are asked for. Called by queryHistory; the time is not judged here, but by where it reads.
import { isCluster, parseClusterId } from '../cluster/clusterId.ts';
import { matchesImage } from '../image/imagePattern.ts';
import { parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import { globMatches } from '../text/glob.ts';
import { isRoll } from './historyRow.ts';
import type { Cause, HistoryRow, Outcome } from './ledger.ts';

export const historyKinds: readonly HistoryRow['kind'][] = ['transition', 'rolled', 'firstSeen', 'gap', 'gone'];
export type HistoryKind = HistoryRow['kind'];

export type RowFilter = {
  readonly kinds?: readonly HistoryKind[] | undefined;
  /** Its id, in lower case. */
  readonly subscription?: string | undefined;
  readonly resourceGroup?: string | undefined;
  readonly cluster?: string | undefined;
  readonly nodePool?: string | undefined;
  readonly image?: string | undefined;
  readonly release?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly cause?: Cause | undefined;
  readonly inWindow?: boolean | 'unknown' | undefined;
};

export function matchesRow(row: HistoryRow, filter: RowFilter): boolean {
  const { kinds = ['transition', 'rolled'], image, release } = filter;
  if (!kinds.includes(row.kind) || !matchesNames(row, filter)) return false;
  if (image !== undefined && !imagesOf(row).some((one) => matchesImage(image, one))) return false;
  if (release !== undefined && !imagesOf(row).some((one) => isOfRelease(one, release))) return false;
  const asked = (['outcome', 'cause', 'inWindow'] as const).filter((field) => filter[field] !== undefined);
  return asked.every((field) => isRoll(row) && row[field] === filter[field]);
}

/** True when a pool is asked about; without a pool: one of this cluster, because what ends a cluster ends its pools. */
export function matchesNames(
  row: { readonly cluster: string; readonly nodePool?: string | undefined },
  { subscription, resourceGroup, cluster, nodePool }: RowFilter,
): boolean {
  if (nodePool !== undefined && row.nodePool !== undefined && !globMatches(nodePool, row.nodePool)) return false;
  const name = parseClusterId(row.cluster);
  if (!name) return false;
  if (subscription !== undefined && name.subscription.toLowerCase() !== subscription) return false;
  if (resourceGroup !== undefined && !globMatches(resourceGroup, name.resourceGroup)) return false;
  return cluster === undefined || isCluster(row.cluster, cluster);
}

function imagesOf(row: HistoryRow): readonly string[] {
  if (isRoll(row)) return [row.from, row.to];
  return row.kind === 'firstSeen' ? [row.nodeImageVersion] : [];
}

function isOfRelease(image: string, release: string): boolean {
  const version = parseNodeImageVersion(image);
  return version !== undefined && globMatches(release, version.release);
}
