// Checks an export of the ledger offline: GET /api/history?kind=ledger&format=ndjson, as docs/ledger-chain.md describes
// it. Called by verifyExport.
import { firstBreak } from '../shared/domain/chain.ts';
import { clusterKey, parseClusterId } from '../shared/domain/cluster.ts';
import type { ChainHead, Entry } from '../shared/domain/ledger.ts';

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
type End = { readonly kind: 'end'; readonly clusters: number; readonly entries: number };

/** @param lines of the file; one chain at a time is kept in memory */
export async function checkExport(lines: AsyncIterable<string>): Promise<CheckedExport> {
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
    const broken = firstBreak(key, newestFirst.toReversed(), head);
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
  if (end && (end.clusters !== chains.length || end.entries !== entries)) {
    problems.push(
      `the last line says ${end.clusters} clusters and ${end.entries} entries; there are ${chains.length} and ${entries}.`,
    );
  }
  return { chains, entries, problems };
}

const kinds: ReadonlySet<unknown> = new Set<Line['kind']>([
  'head',
  'firstSeen',
  'transition',
  'rolled',
  'amendment',
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
