// Checks an export of the ledger offline, by itself and against digests: GET /api/history?kind=ledger&format=ndjson, as
// docs/ledger-chain.md describes it. Called by verifyExport.
import { type ClusterKey, clusterKey, parseClusterId } from '../shared/domain/cluster/cluster.ts';
import { firstBreak } from '../shared/domain/ledger/chain.ts';
import { type Digest, type DigestedHead, firstUndigested } from '../shared/domain/ledger/digest.ts';
import { matchesNames, type RowFilter } from '../shared/domain/ledger/historyFilter.ts';
import type { ChainHead, Entry } from '../shared/domain/ledger/ledger.ts';

/** A cluster's chain as the export has it. */
type CheckedChain = {
  readonly cluster: string;
  readonly entries: number;
  /** The hash of its newest entry, by its head. */
  readonly head: string;
  readonly problem?: string;
};

export type CheckedExport = {
  readonly chains: readonly CheckedChain[];
  readonly entries: number;
  /** All that is wrong, in the order of the file; none when the export is whole. */
  readonly problems: readonly string[];
};

type Chain = { readonly head: ChainHead; readonly newestFirst: Entry[] };
type Line = ({ readonly kind: 'head' } & ChainHead) | Entry | End;
type End = {
  readonly kind: 'end';
  readonly clusters: number;
  readonly entries: number;
  readonly of?: Pick<RowFilter, 'subscription' | 'resourceGroup' | 'cluster'>;
};

/** A digest and what it is called: the name of its file. */
export type NamedDigest = { readonly name: string; readonly digest: Digest };

/**
 * @param lines of the file; one chain at a time is kept in memory
 * @param digests what the chains are held against as well
 */
export async function checkExport(
  lines: AsyncIterable<string>,
  digests: readonly NamedDigest[] = [],
): Promise<CheckedExport> {
  const digested = headsIn(digests);
  const seen = new Set<ClusterKey>();
  const chains: CheckedChain[] = [];
  const problems: string[] = [];
  let entries = 0;
  let chain: Chain | undefined;
  let end: End | undefined;
  let number = 0;

  function close(): void {
    if (!chain) return;
    const { head, newestFirst } = chain;
    const key = parseClusterId(head.cluster) ? clusterKey(head.cluster) : head.cluster;
    const entries = newestFirst.toReversed();
    const broken = firstBreak(key, entries, head) ?? firstUndigested(entries, digested.get(key)?.heads ?? []);
    seen.add(key);
    const problem = broken && `${head.cluster}: entry ${broken.sequence} ${broken.problem}.`;
    chains.push({
      cluster: head.cluster,
      entries: newestFirst.length,
      head: head.hash,
      ...(problem ? { problem } : {}),
    });
    if (problem) problems.push(problem);
    chain = undefined;
  }

  for await (const text of lines) {
    number += 1;
    const line = readLine(text);
    if (end || !line) {
      problems.push(
        end
          ? `line ${number} stands behind the end of the export.`
          : `line ${number} is none of a ledger's export: it was changed, or this is no export of kind=ledger.`,
      );
      break;
    }
    if (line.kind === 'head') {
      close();
      chain = { head: line, newestFirst: [] };
    } else if (line.kind === 'end') {
      close();
      end = line;
    } else if (chain) {
      chain.newestFirst.push(line);
      entries += 1;
    } else {
      problems.push(`line ${number} is an entry without the head of its chain before it.`);
      break;
    }
  }
  close();
  if (problems.length === 0 && !end) problems.push('the last line is missing: the export is not complete.');
  for (const [key, { cluster, heads }] of digested) {
    if (!end || seen.has(key) || !matchesNames({ cluster }, end.of ?? {})) continue;
    problems.push(`${cluster} is missing: the digest ${heads[0]?.digest} names it.`);
  }
  if (end && (end.clusters !== chains.length || end.entries !== entries)) {
    problems.push(
      `the last line says ${end.clusters} clusters and ${end.entries} entries; there are ${chains.length} and ${entries}.`,
    );
  }
  return { chains, entries, problems };
}

/** What the digests say of each cluster. */
function headsIn(
  digests: readonly NamedDigest[],
): ReadonlyMap<ClusterKey, { readonly cluster: string; readonly heads: readonly DigestedHead[] }> {
  const found = new Map<ClusterKey, { cluster: string; heads: DigestedHead[] }>();
  for (const { name, digest } of digests) {
    for (const { cluster, sequence, hash } of digest.clusters.filter(({ cluster }) => parseClusterId(cluster))) {
      const known = found.get(clusterKey(cluster)) ?? { cluster, heads: [] };
      known.heads.push({ digest: name, sequence, hash });
      found.set(clusterKey(cluster), known);
    }
  }
  return found;
}

const kinds: ReadonlySet<unknown> = new Set<Line['kind']>([
  'head',
  'firstSeen',
  'transition',
  'rolled',
  'amendment',
  'gap',
  'gone',
  'end',
]);

function readLine(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Line | null;
    return kinds.has(line?.kind) && (line?.kind !== 'head' || typeof line.cluster === 'string')
      ? (line as Line)
      : undefined;
  } catch {
    return undefined;
  }
}
