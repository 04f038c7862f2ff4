// Which rows of the history are asked for, and the terms by which the index has them. Called by queryHistory and projectLedger; the
// time is not judged here, but by where they read.
import { isCluster, parseClusterId } from '../cluster/clusterId.ts';
import { matchesImage } from '../image/imagePattern.ts';
import { parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import { globMatches } from '../text/glob.ts';
import { historyRows, isRoll } from './historyRow.ts';
import { type Cause, causes, type Entry, type HistoryRow, type Outcome, outcomes } from './ledger.ts';

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
  if (isRoll(row)) return [row.from, row.to, ...(row.target === undefined ? [] : [row.target])];
  return row.kind === 'firstSeen' ? [row.nodeImageVersion] : [];
}

/** A month has few rows of any other kind than this one. */
const usualKind = 'transition';
/** Nearly all have it, so that its rows are found without an index. */
const usualOutcome = 'succeeded';

/** Every term that a roll changes with what is learnt of it. */
export const changingTerms: readonly string[] = [
  ...outcomes.filter((outcome) => outcome !== usualOutcome).map((outcome) => `outcome|${outcome}`),
  ...causes.map((cause) => `cause|${cause}`),
  ...[true, false, 'unknown'].map((inWindow) => `inWindow|${inWindow}`),
];
export const kindTerms = historyKinds.filter((kind) => kind !== usualKind).map((kind) => `kind|${kind}`);

/** The values by which the index has a row. */
export function termsOf(row: HistoryRow): readonly string[] {
  const terms = [`kind|${row.kind}`, ...imagesOf(row).map(imageTerm)];
  if (isRoll(row)) terms.push(`outcome|${row.outcome}`, `cause|${row.cause}`, `inWindow|${row.inWindow}`);
  const isIndexed = (term: string) =>
    term.startsWith('image|') || kindTerms.includes(term) || changingTerms.includes(term);
  return [...new Set(terms.filter(isIndexed))];
}

/** Those of the row as it was recorded and after each amendment: a reader that is late may look for it there. @param entries with the row's amendments */
export function termsEver(row: HistoryRow, entries: readonly Entry[]): readonly string[] {
  if (!isRoll(row) || !row.amendedBy) return termsOf(row);
  const own = entries.filter(
    (one) => one.sequence === row.sequence || (one.kind === 'amendment' && one.amends === row.sequence),
  );
  const forms = own.flatMap(({ sequence }) => historyRows(own.filter((one) => one.sequence <= sequence)));
  return [...new Set([...forms, row].flatMap(termsOf))];
}

/** Of an image, or of a whole name that {@link matchesImage} takes for it: its release, as far as it has one. */
function imageTerm(image: string): string {
  const name = (parseNodeImageVersion(image)?.release ?? image).toLowerCase().replaceAll(':', '-');
  const isKey = /^[\w.-]{1,100}$/.test(name);
  return `image|${isKey ? name : Buffer.from(name).toString('base64url').slice(0, 200)}`;
}

/** How the index answers: by any of these terms; or by those of the images that match. Undefined: it has no better way than the months. */
export type Lookup = { readonly terms: readonly string[] } | { readonly isAsked: (image: string) => boolean };

/** The term that few rows have, as far as that can be told without looking. */
export function lookupOf({ kinds, image, release, outcome, cause, inWindow }: RowFilter): Lookup | undefined {
  if (outcome !== undefined && outcome !== usualOutcome) return { terms: [`outcome|${outcome}`] };
  if (kinds && !kinds.includes(usualKind)) return { terms: kinds.map((kind) => `kind|${kind}`) };
  if (inWindow === false) return { terms: ['inWindow|false'] };
  const name = image ?? release;
  if (name !== undefined && !/[*?]/.test(name)) return { terms: [imageTerm(name)] };
  if (image !== undefined) return { isAsked: (one) => matchesImage(image, one) };
  if (release !== undefined) return { isAsked: (one) => isOfRelease(one, release) };
  if (cause !== undefined) return { terms: [`cause|${cause}`] };
  return inWindow === undefined ? undefined : { terms: [`inWindow|${inWindow}`] };
}

export const termsOfImages = (images: readonly string[]) => [...new Set(images.map(imageTerm))];

export const imagesIn = (rows: readonly HistoryRow[]) => [...new Set(rows.flatMap(imagesOf))];

function isOfRelease(image: string, release: string): boolean {
  const version = parseNodeImageVersion(image);
  return version !== undefined && globMatches(release, version.release);
}
