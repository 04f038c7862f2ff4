// Tells the ledgers of a subscription for how long its clusters stood in no list. Called by a pass that could list it, before
// the pass is noted: a crash in between, and the next pass finds what is left to tell.
import { chainEntries } from '../domain/chain.ts';
import { clusterKey } from '../domain/cluster.ts';
import { coverageAfter, type Listing } from '../domain/coverage.ts';
import { append, readHeads } from '../stores/ledgerStore.ts';
import type { Pass } from '../stores/passStore.ts';
import type { Dependencies } from './dependencies.ts';
import { describeEntry } from './describeEntry.ts';
import type { Gathered, GatheredFleet } from './gatherFleet.ts';
import { inParallel } from './inParallel.ts';
import { projectCluster, projectDelaySeconds } from './projectCluster.ts';

type Parts = Pick<Dependencies, 'clock' | 'tables' | 'queues' | 'log' | 'gapMinutes'>;

const width = 16;
const tries = 8;

/** @param before the subscription's last pass */
export async function recordGaps(
  parts: Parts,
  { askedAt, clusters, unlisted }: Pick<GatheredFleet, 'askedAt' | 'clusters' | 'unlisted'>,
  before: Pass | undefined,
): Promise<void> {
  const listing = {
    at: askedAt,
    before: listedAt(before),
    reason: before?.problem
      ? `The subscription could not be listed: ${before.problem}`
      : 'No pass listed the subscription.',
  };
  await inParallel(clusters, width, (one) => tell(parts, one, { ...listing, isListed: true }));
  await inParallel(unlisted, width, (one) => tell(parts, one, { ...listing, isListed: false }));
}

/** When the last list that ARM answered was asked for. */
export function listedAt(pass: Pass | undefined): string | undefined {
  // Rows of earlier versions tell only when they were written.
  return pass?.listedAt ?? (pass && pass.problem === undefined ? pass.at : undefined);
}

/** Nothing is read again where there is nothing to tell, as nearly always. */
async function tell(parts: Parts, { facts, heads: seen }: Gathered, listing: Listing): Promise<void> {
  const { clock, tables, queues, log, gapMinutes } = parts;
  if (!seen.chain || !coverageAfter(seen.chain, listing, gapMinutes)) return;
  const key = clusterKey(facts.cluster.id);
  for (let tried = 0; tried < tries; tried += 1) {
    const heads = await readHeads(tables, key);
    const covered = heads.chain && coverageAfter(heads.chain, listing, gapMinutes);
    if (!covered) return;
    const entries = chainEntries(heads.chain, covered.gap ? [covered.gap] : [], clock.now().toString());
    const { sequence, hash } = entries.at(-1) ?? covered.chain;
    const chain = { ...covered.chain, sequence, hash };
    const clusterId = chain.cluster;
    if (entries.length > 0) await queues.send('project-cluster', { clusterId }, projectDelaySeconds);
    if ((await append(tables, heads, [{ chain, entries, heads: [], removedHeads: [] }])) === 'conflict') continue;
    for (const entry of entries) log.info(describeEntry(entry));
    if (entries.length > 0) await projectCluster(parts, { clusterId });
    return;
  }
  throw new Error(`The ledger of ${key} was changed by others ${tries} times while a gap was recorded; try again.`);
}
