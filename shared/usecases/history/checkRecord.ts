// Checks chains, digests and views: docs/ledger-chain.md says what that shows. Called by verifyHistory.
import { type ClusterKey, clusterKey, parseClusterId, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { matchesNames, type RowFilter } from '../../domain/ledger/historyFilter.ts';
import { digestOf, type RowDigest } from '../../domain/ledger/viewCheck.ts';
import { type Tables, UnreadableRow } from '../../ports/tables.ts';
import { readKnownPools, readMonths } from '../../stores/views/historyIndex.ts';
import { clusterIn, readCursor, readStoredMonth } from '../../stores/views/historyStore.ts';
import type { Dependencies, FleetTables } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { findClusters } from './findClusters.ts';
import { type DigestReport, readDigests } from './readDigests.ts';
import { type ClusterVerdict, verifyCluster } from './verifyCluster.ts';

const width = 8;

/** Reads digests, cursors, views, index, ledger: what each names is in those after it, however much is appended meanwhile. */
export async function checkRecord(
  dependencies: FleetTables & Pick<Dependencies, 'digests'>,
  names: Pick<RowFilter, 'subscription' | 'resourceGroup' | 'cluster'>,
): Promise<{ readonly verdicts: readonly ClusterVerdict[]; readonly digests: DigestReport }> {
  const { tables, subscriptions } = dependencies;
  const isOfFleet = (cluster: string) => subscriptions.includes(subscriptionOf(clusterKey(cluster)));
  const isNamed = names.subscription !== undefined || parseClusterId(names.cluster ?? '') !== undefined;
  const digested = await readDigests(
    dependencies,
    (cluster) => matchesNames({ cluster }, names) && (isNamed || isOfFleet(cluster)),
  );
  const known = [...new Set([...(await findClusters(dependencies, names)), ...digested.heads.keys()])].toSorted();
  const cursors = new Map(
    await inParallel(known, width, async (key) => [key, (await readCursor(tables, key)).sequence] as const),
  );
  const isAll = Object.values(names).every((name) => name === undefined);
  const asked = isAll ? subscriptions : [...new Set(known.map(subscriptionOf))];
  try {
    const fleet = await readFleetView(tables, asked);
    const pools = (await Promise.all(asked.map((subscription) => readKnownPools(tables, subscription, true)))).flat();
    const index = new Set(pools.map(({ key, nodePool }) => `${key}|${nodePool}`.toLowerCase()));
    const keys = isAll ? [...new Set([...known, ...fleet.keys()])].toSorted() : known;
    const verdicts = await inParallel(keys, width, (key) =>
      verifyCluster(tables, key, {
        digested: [...(digested.heads.get(key)?.values() ?? [])],
        projectedTo: cursors.get(key) ?? 0,
        fleetView: fleet.get(key) ?? new Map(),
        index,
      }),
    );
    return { verdicts, digests: digested.report };
  } catch (error) {
    // A row that can't be read ends the reading, so nothing can be said of the rest.
    if (!(error instanceof UnreadableRow)) throw error;
    const cluster = clusterIn(error.rowKey);
    const verdict = { cluster, whole: false, entries: 0, projectedTo: 0, firstBreak: { problem: error.message } };
    return { verdicts: [verdict], digests: digested.report };
  }
}

async function readFleetView(tables: Tables, subscriptions: readonly string[]) {
  const fleet = new Map<ClusterKey, Map<string, RowDigest>>();
  for (const subscription of subscriptions) {
    for (const month of await readMonths(tables, subscription)) {
      for await (const { rowKey, row } of readStoredMonth(tables, subscription, month)) {
        const key = clusterIn(rowKey);
        const view = fleet.get(key) ?? new Map<string, RowDigest>();
        fleet.set(key, view.set(`${subscription} ${month} ${rowKey}`, digestOf(row)));
      }
    }
  }
  return fleet;
}
