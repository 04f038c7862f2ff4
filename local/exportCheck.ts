// Checks an export of the ledger offline, by itself and against digests: docs/ledger-chain.md.
import { type ClusterKey, clusterKey, parseClusterId } from '../shared/domain/cluster/clusterId.ts';
import { firstBreak } from '../shared/domain/ledger/chain.ts';
import { type Digest, type DigestedHead, firstUndigested } from '../shared/domain/ledger/digest.ts';
import { matchesNames, type RowFilter } from '../shared/domain/ledger/historyFilter.ts';
import type { Entry } from '../shared/domain/ledger/ledger.ts';
import type { Fields } from '../shared/domain/text/anyValue.ts';
import { jsonIn } from '../shared/domain/text/jsonIn.ts';

type CheckedChain = {
  readonly cluster: string;
  readonly entries: number;
  readonly head: string;
  readonly problem: string | undefined;
};

type Head = Fields & { readonly kind: 'head'; readonly cluster: string; readonly hash: string };
type Chain = { readonly head: Head; readonly newestFirst: unknown[] };
type Line = Head | End | Incomplete | Unreadable | { readonly kind: Entry['kind'] };
type Incomplete = { readonly kind: 'incomplete'; readonly problem: string };
type Unreadable = { readonly kind: 'unreadable'; readonly cluster: string; readonly problem: string };
type End = {
  readonly kind: 'end';
  readonly clusters: number;
  readonly entries: number;
  readonly of?: Pick<RowFilter, 'subscription' | 'resourceGroup' | 'cluster'>;
};

export type NamedDigest = { readonly name: string; readonly digest: Digest };

type Read = {
  chain?: Chain | undefined;
  end?: End;
  entries: number;
  readonly chains: CheckedChain[];
  readonly problems: string[];
};

/** Keeps one chain at a time in memory. @param digests what the chains are held against as well */
export async function checkExport(lines: AsyncIterable<string>, digests: readonly NamedDigest[] = []) {
  const digested = headsIn(digests);
  const read: Read = { entries: 0, chains: [], problems: [] };
  const { chains, problems } = read;
  let number = 0;
  for await (const text of lines) {
    number += 1;
    const problem = take(read, readLine(text), digested);
    if (problem === undefined) continue;
    problems.push(`line ${number} ${problem}`);
    break;
  }
  closeChain(read, digested);
  const { end, entries } = read;
  if (problems.length === 0 && !end) problems.push('the last line is missing: the export is not complete.');
  const seen = new Set(chains.map(({ cluster }) => keyOf(cluster)));
  for (const [key, [head]] of digested) {
    if (!end || !head || seen.has(key) || !matchesNames(head, end.of ?? {})) continue;
    problems.push(`${head.cluster} is missing: the digest ${head.digest} names it.`);
  }
  if (end && (end.clusters !== chains.length || end.entries !== entries)) {
    problems.push(
      `the last line says ${end.clusters} clusters and ${end.entries} entries; there are ${chains.length} and ${entries}.`,
    );
  }
  return { chains, entries, problems };
}

function take(read: Read, line: Line | undefined, digested: Digested): string | undefined {
  if (read.end) return 'stands behind the end of the export.';
  if (!line) return "is none of a ledger's export: it was changed, or this is no export of kind=ledger.";
  if (line.kind === 'incomplete') return `says that the export is not complete: ${line.problem}`;
  if (line.kind === 'head' || line.kind === 'end') closeChain(read, digested);
  if (line.kind === 'head') read.chain = { head: line, newestFirst: [] };
  else if (line.kind === 'end') read.end = line;
  else if (line.kind === 'unreadable') read.problems.push(`${line.cluster}: ${line.problem}`);
  else if (read.chain) {
    read.chain.newestFirst.push(line);
    read.entries += 1;
  } else return 'is an entry without the head of its chain before it.';
  return undefined;
}

function closeChain(read: Read, digested: Digested): void {
  if (!read.chain) return;
  const { head, newestFirst } = read.chain;
  const key = keyOf(head.cluster);
  const entries = newestFirst.toReversed();
  const broken = firstBreak(key, entries, head) ?? firstUndigested(entries, digested.get(key) ?? []);
  const problem = broken && `${head.cluster}: entry ${broken.sequence} ${broken.problem}.`;
  read.chains.push({ cluster: head.cluster, entries: entries.length, head: head.hash, problem });
  if (problem) read.problems.push(problem);
  read.chain = undefined;
}

function keyOf(cluster: string): ClusterKey {
  return parseClusterId(cluster) ? clusterKey(cluster) : cluster;
}

type Digested = ReadonlyMap<ClusterKey, readonly (DigestedHead & { readonly cluster: string })[]>;

function headsIn(digests: readonly NamedDigest[]): Digested {
  const heads = digests.flatMap(({ name, digest }) =>
    digest.clusters
      .filter(({ cluster }) => parseClusterId(cluster))
      .map(({ cluster, sequence, hash }) => ({ cluster, digest: name, sequence, hash })),
  );
  return Map.groupBy(heads, ({ cluster }) => clusterKey(cluster));
}

const kinds: readonly string[] = 'head firstSeen transition rolled amendment gap gone unreadable incomplete end'.split(
  ' ',
);

function readLine(text: string): Line | undefined {
  const line = jsonIn(text) as Line | null | undefined;
  if (!line || !kinds.includes(line.kind)) return undefined;
  return line.kind !== 'head' || typeof line.cluster === 'string' ? line : undefined;
}
