// A fleet's history for the bench of many callers: every cause, outcome and kind, over two years. Called by loadHost.
import { Temporal } from 'temporal-polyfill';
import { clusterKey } from '../shared/domain/cluster/clusterId.ts';
import { chainEntries } from '../shared/domain/ledger/chain.ts';
import type { Entry, EntryBody } from '../shared/domain/ledger/ledger.ts';
import type { Tables } from '../shared/ports/tables.ts';
import { append, readHeads } from '../shared/stores/ledgerStore.ts';
import { inParallel } from '../shared/usecases/inParallel.ts';
import { projectLedger } from '../shared/usecases/observe/projectLedger.ts';
import { aTransition, aWindow } from '../test/builders.ts';

export const subscription = '3b7a1c9e-5f2d-4a68-9c04-e1d2f3a4b5c6';
const clusters = 80;
const pools = ['system', 'apps', 'gpu'];
const rollsOfPool = 20;
/** First sightings, rolls, and a gap. */
export const rows = clusters * (pools.length * (1 + rollsOfPool) + 1);
const begin = Date.UTC(2024, 10, 3);
const day = 86_400_000;
const daysBetween = 36;
const recordedAt = Temporal.Instant.fromEpochMilliseconds(begin + 740 * day);

export const clusterIdOf = (index: number) =>
  `/subscriptions/${subscription}/resourceGroups/rg-${index % 20}/providers/Microsoft.ContainerService/managedClusters/aks-${String(index).padStart(3, '0')}`;

export const momentAt = (share: number) =>
  new Date(begin + share * rollsOfPool * daysBetween * day).toISOString().replace('.000', '');

/** Of the roll of that number: all clusters of a week take the same. */
export const releaseOf = (number: number) =>
  `${momentAt(number / rollsOfPool)
    .slice(0, 7)
    .replace('-', '')}.${String((number % 27) + 1).padStart(2, '0')}.0`;
export const imageOf = (number: number) => `AKSUbuntu-2204gen2containerd-${releaseOf(number)}`;

/** Fills the tables as the app does; what every tenth unknown roll was is learnt later. */
export async function fillFleet(tables: Tables): Promise<void> {
  const indexes = Array.from({ length: clusters }, (_, index) => index);
  await inParallel(indexes, 8, async (index) => {
    const cluster = clusterIdOf(index);
    const entries = await appendAll(tables, cluster, bodiesOf(cluster, index));
    await projectLedger({ tables }, { clusterId: cluster });
    const unknown = entries.filter((entry) => entry.kind === 'transition' && entry.cause === 'unknown');
    const news = unknown.filter((_, number) => number % 10 === 0).map(amendmentOf);
    if (news.length > 0) await appendAll(tables, cluster, news);
    await projectLedger({ tables }, { clusterId: cluster });
  });
}

async function appendAll(tables: Tables, cluster: string, bodies: readonly EntryBody[]): Promise<readonly Entry[]> {
  const heads = await readHeads(tables, clusterKey(cluster));
  const entries = chainEntries(heads.chain, bodies, recordedAt);
  const { sequence = 0, hash = '' } = entries.at(-1) ?? {};
  const chain = { cluster, sequence, hash, observedAt: recordedAt };
  await append(tables, heads, [{ chain, entries, heads: [], removedHeads: [] }]);
  return entries;
}

function bodiesOf(cluster: string, index: number): readonly EntryBody[] {
  const time = (at: number) => new Date(begin + at).toISOString().replace('.000', '');
  const seen = pools.map((nodePool): EntryBody => {
    return { kind: 'firstSeen', cluster, nodePool, nodeImageVersion: imageOf(0), observedAt: time(index * 60_000) };
  });
  const rolls = Array.from({ length: rollsOfPool }, (_, number) =>
    pools.map((nodePool, pool) => transition(cluster, nodePool, number + 1, index * pools.length + pool)),
  );
  const gapAt = (100 + index) * day;
  const gap: EntryBody = {
    kind: 'gap',
    cluster,
    observedAt: time(gapAt),
    unseenFrom: time(gapAt - 7_200_000),
    unseenTo: time(gapAt),
    reason: 'The cluster stood in no list.',
  };
  return [...seen, ...rolls.flat(), gap];
}

function transition(cluster: string, nodePool: string, number: number, place: number): EntryBody {
  const ended = begin + number * daysBetween * day + place * 71_000;
  const time = (minutes: number) => new Date(ended - minutes * 60_000).toISOString();
  const drawn = (place * 31 + number * 17) % 100;
  return aTransition({
    cluster,
    nodePool,
    from: imageOf(number - 1),
    to: imageOf(number),
    startedAt: time(40),
    startedBetween: [time(41), time(40)],
    completedAt: time(0),
    observedAt: time(0),
    cause: drawn < 70 ? 'keeper' : drawn < 85 ? 'aksAutoUpgrade' : drawn < 97 ? 'unknown' : 'manual',
    inWindow: drawn < 90 ? true : drawn < 95 ? 'unknown' : false,
    window: { maintenanceWindow: aWindow(), readAt: time(45), opensAt: time(60), closesAt: time(-180) },
    outcome: drawn === 42 ? 'failed' : drawn === 43 ? 'partial' : 'succeeded',
    proof: 'pool',
    attempt: `0d6f4c1e-8a3b-4e57-9b12-${String(number).padStart(12, '0')}`,
  });
}

function amendmentOf({ cluster, sequence }: Entry): EntryBody {
  return {
    kind: 'amendment',
    cluster,
    nodePool: pools[0] ?? '',
    amends: sequence,
    observedAt: recordedAt.toString(),
    source: { name: 'Microsoft.Resources.ResourceActionSuccess', id: `event-${sequence}` },
    cause: 'manual',
    actor: { kind: 'person', name: 'zoe@example.com' },
  };
}
