// Checks chains, digests and views: docs/ledger-chain.md says what that shows. Called by verifyHistory.
import { type ClusterKey, clusterKey, parseClusterId, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { sha256 } from '../../domain/ledger/digest.ts';
import { matchesNames, type RowFilter } from '../../domain/ledger/historyFilter.ts';
import { digestOf, type RowDigest } from '../../domain/ledger/viewCheck.ts';
import type { Tables } from '../../ports/tables.ts';
import { readKnownPools, readMonths } from '../../stores/views/historyIndex.ts';
import { clusterIn, readCursor, readStoredMonth, readStoredTerm } from '../../stores/views/historyStore.ts';
import { listTerms } from '../../stores/views/historyTerms.ts';
import type { Dependencies, FleetTables } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { findClusters } from './findClusters.ts';
import { type DigestReport, readDigests } from './readDigests.ts';
import { type ClusterVerdict, verifyCluster } from './verifyCluster.ts';

const width = 8;

/** A part of all clusters: the same ones whoever asks, and when. */
export type Part = { readonly part: number; readonly of: number };

export type Names = Pick<RowFilter, 'subscription' | 'resourceGroup' | 'cluster'>;
export type Checked = { readonly verdicts: readonly ClusterVerdict[]; readonly digests: DigestReport };

const isOfPart = (key: ClusterKey, { part, of }: Part) =>
  of === 1 || Number.parseInt(sha256(key).slice(0, 8), 16) % of === part;

/** Reads digests, cursors, views, index, ledger: what each names is in those after it, however much is appended meanwhile. */
export async function checkRecord(
  dependencies: FleetTables & Pick<Dependencies, 'digests'>,
  names: Names,
  part: Part = { part: 0, of: 1 },
): Promise<Checked> {
  const { tables, subscriptions } = dependencies;
  const isOfFleet = (cluster: string) => subscriptions.includes(subscriptionOf(clusterKey(cluster)));
  const isNamed = names.subscription !== undefined || parseClusterId(names.cluster ?? '') !== undefined;
  const digested = await readDigests(
    dependencies,
    (cluster) => matchesNames({ cluster }, names) && (isNamed || isOfFleet(cluster)),
  );
  const named = new Set([...(await findClusters(dependencies, names)), ...digested.heads.keys()]);
  const known = [...named].filter((key) => isOfPart(key, part)).toSorted();
  const cursors = new Map(await inParallel(known, width, async (key) => [key, await readCursor(tables, key)] as const));
  const isAll = Object.values(names).every((name) => name === undefined);
  const asked = isAll ? subscriptions : [...new Set(known.map(subscriptionOf))];
  const isOwn = (key: ClusterKey) => isOfPart(key, part) && (isAll || named.has(key));
  const [months, terms] = await readFleetViews(tables, asked, isOwn);
  const pools = (await Promise.all(asked.map((subscription) => readKnownPools(tables, subscription, true)))).flat();
  const index = new Set(pools.map(({ key, nodePool }) => `${key}|${nodePool}`.toLowerCase()));
  const keys = isAll ? [...new Set([...known, ...months.keys(), ...terms.keys()])].toSorted() : known;
  const verdicts = await inParallel(keys, width, (key) =>
    verifyCluster(tables, key, {
      digested: [...(digested.heads.get(key)?.values() ?? [])],
      projectedTo: cursors.get(key)?.sequence ?? 0,
      indexedTo: cursors.get(key)?.byTarget ?? 0,
      fleetView: months.get(key) ?? new Map(),
      termView: terms.get(key) ?? new Map(),
      index,
    }),
  );
  return { verdicts, digests: digested.report };
}

type FleetView = Map<ClusterKey, Map<string, RowDigest>>;

async function readFleetViews(
  tables: Tables,
  subscriptions: readonly string[],
  isOwn: (key: ClusterKey) => boolean,
): Promise<readonly [months: FleetView, terms: FleetView]> {
  const [months, terms]: [FleetView, FleetView] = [new Map(), new Map()];
  const reads = await inParallel(subscriptions, width, async (subscription) => {
    const ofMonths = (await readMonths(tables, subscription)).map((month) => () => {
      return note(months, `${subscription} ${month}`, readStoredMonth(tables, subscription, month), isOwn);
    });
    const ofTerms = (await listTerms(tables, subscription)).map((term) => () => {
      return note(terms, `${subscription} ${term}`, readStoredTerm(tables, subscription, term), isOwn);
    });
    return [...ofMonths, ...ofTerms];
  });
  await inParallel(reads.flat(), width, (read) => read());
  return [months, terms];
}

async function note(
  into: FleetView,
  place: string,
  rows: ReturnType<typeof readStoredMonth>,
  isOwn: (key: ClusterKey) => boolean,
): Promise<void> {
  for await (const { rowKey, row } of rows) {
    const key = clusterIn(rowKey);
    if (!isOwn(key)) continue;
    const view = into.get(key) ?? new Map<string, RowDigest>();
    into.set(key, view.set(`${place} ${rowKey}`, digestOf(row)));
  }
}
