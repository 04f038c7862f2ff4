// A fleet's history in storage, written as the app writes it: appended to ledgers, then projected. Called by history.ts.
import { Temporal } from 'temporal-polyfill';
import { clusterKey } from '../shared/domain/cluster/clusterId.ts';
import { chainEntries } from '../shared/domain/ledger/chain.ts';
import type { EntryBody } from '../shared/domain/ledger/ledger.ts';
import type { Tables } from '../shared/ports/tables.ts';
import { append, readHeads } from '../shared/stores/ledgerStore.ts';
import { inParallel } from '../shared/usecases/inParallel.ts';
import { projectLedger } from '../shared/usecases/observe/projectLedger.ts';
import { aTransition, aWindow } from '../test/builders.ts';

export const subscription = '3b7a1c9e-5f2d-4a68-9c04-e1d2f3a4b5c6';
const clusters = 200;
const pools = ['system', 'apps', 'gpu', 'win'];
/** Two years and a half of weekly releases, nearly. */
const weeks = 125;
export const rows = clusters * pools.length * weeks;
const begin = Date.UTC(2024, 5, 2);
const week = 7 * 86_400_000;
const entriesPerAppend = 90;

export const clusterIdOf = (index: number) =>
  `/subscriptions/${subscription}/resourceGroups/rg-${index % 20}/providers/Microsoft.ContainerService/managedClusters/aks-${String(index).padStart(3, '0')}`;

/** The moment at which a share of all rows has happened, as ISO text. */
export const momentAt = (share: number) => new Date(begin + share * weeks * week).toISOString();

/** Fills the tables; each transition is some seconds off the others. @param size 200 clusters over 125 weeks when not given */
export async function fillHistory(tables: Tables, size = { clusters, weeks }): Promise<void> {
  const indexes = Array.from({ length: size.clusters }, (_, index) => index);
  await inParallel(indexes, 8, async (index) => {
    const cluster = clusterIdOf(index);
    const bodies = Array.from({ length: size.weeks }, (_, number) =>
      pools.map((nodePool, pool) => transition(cluster, nodePool, number, index * 211_000 + pool * 37_000)),
    ).flat();
    for (let start = 0; start < bodies.length; start += entriesPerAppend) {
      const heads = await readHeads(tables, clusterKey(cluster));
      const entries = chainEntries(
        heads.chain,
        bodies.slice(start, start + entriesPerAppend),
        Temporal.Instant.from(momentAt(1)),
      );
      const { sequence = 0, hash = '' } = entries.at(-1) ?? {};
      const chain = { cluster, sequence, hash, observedAt: Temporal.Instant.from(momentAt(1)) };
      await append(tables, heads, [{ chain, entries, heads: [], removedHeads: [] }]);
    }
    await projectLedger({ tables }, { clusterId: cluster });
  });
}

function transition(cluster: string, nodePool: string, number: number, offset: number): EntryBody {
  const ended = begin + number * week + offset;
  const release = (at: number) => `${new Date(at).toISOString().slice(0, 7).replace('-', '')}.${number % 28}.0`;
  const time = (minutes: number) => new Date(ended - minutes * 60_000).toISOString();
  return aTransition({
    cluster,
    nodePool,
    from: `AKSUbuntu-2204gen2containerd-${release(ended - week)}`,
    to: `AKSUbuntu-2204gen2containerd-${release(ended)}`,
    startedAt: time(40),
    startedBetween: [time(41), time(40)],
    completedAt: time(0),
    observedAt: time(0),
    cause: number % 3 === 0 ? 'unknown' : 'keeper',
    inWindow: true,
    window: { maintenanceWindow: aWindow(), readAt: time(45), opensAt: time(60), closesAt: time(-180) },
    outcome: (number * 7 + offset / 1000) % 100 === 0 ? 'failed' : 'succeeded',
    proof: 'pool',
    attempt: `0d6f4c1e-8a3b-4e57-9b12-${String(number).padStart(12, '0')}`,
  });
}
