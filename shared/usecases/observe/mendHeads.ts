// Puts the heads of a ledger back that can't be read or are not there, where its chain shows that it is whole. Called by
// appendToLedger, for its cluster and no other.
import { z } from 'zod';
import { ofPool } from '../../domain/cluster/cluster.ts';
import { type ClusterKey, clusterKey, idOfKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { type Append, batchesOf, toAppend } from '../../domain/ledger/append.ts';
import { firstBreak, genesisHash } from '../../domain/ledger/chain.ts';
import { firstUndigested, isDigestName, readDigest } from '../../domain/ledger/digest.ts';
import type { Heads } from '../../domain/ledger/heads.ts';
import { Entry, type EntryBody } from '../../domain/ledger/ledger.ts';
import { rebuildHeads } from '../../domain/ledger/rebuildHeads.ts';
import { byTime } from '../../domain/text/stored.ts';
import { UnreadableRow } from '../../ports/tables.ts';
import { type HeadsRead, poolRow, readStoredEntries } from '../../stores/ledgerStore.ts';
import { readNotificationCursor } from '../../stores/notificationsStore.ts';
import { readPass } from '../../stores/passStore.ts';
import { readCursor } from '../../stores/views/historyStore.ts';
import type { Dependencies } from '../dependencies.ts';

type Parts = Pick<Dependencies, 'clock' | 'tables' | 'digests'>;
type Damage = Pick<UnreadableRow, 'rowKey' | 'why'>;

// Of a transaction's 100 operations two are the chain head and the gap: AKS allows 100 pools.
const headsPerAppend = 98;

/**
 * The heads and a gap that says so, to append under the ETag of what stands there now. Those that can be read stay, but for
 * their soak. The damaged one comes last: after a crash between two transactions it is found again. @throws UnreadableRow where the chain is not whole, or ends before something that was made of it
 */
export async function mendHeads(
  parts: Parts,
  key: ClusterKey,
  heads: HeadsRead,
  damage: Damage,
): Promise<readonly Append[]> {
  const { rowKey, why } = damage;
  const refuse = (reason: string) => {
    const sentence = `${why}; it is not rebuilt from the ledger's entries, as ${reason}. Restore the cluster's rows from a copy, as docs/operations.md says`;
    return new UnreadableRow('Ledger', { partitionKey: key, rowKey }, sentence);
  };
  const stored = await listStored(parts, key, refuse);
  const broken = await notWhole(parts, key, stored, heads);
  if (broken !== undefined) throw refuse(broken);
  const entries = z.array(Entry).safeParse(stored).data;
  if (!entries) throw refuse("this version of the keeper can't read all of them");
  const now = parts.clock.now();
  const rebuilt = rebuildHeads(entries);
  const empty = { cluster: idOfKey(key) ?? key, sequence: 0, hash: genesisHash, observedAt: now };
  // What no pass had told by then is in the gap too.
  const passed = await readPass(parts.tables, subscriptionOf(key));
  const listedAt = passed && 'value' in passed ? passed.value.listedAt : undefined;
  const lasts = [rebuilt.chain?.observedAt, listedAt, now].filter((at) => at !== undefined);
  const [seenAt = now] = lasts.toSorted(byTime);
  const byEntries = rebuilt.chain ?? empty;
  const chain = { ...(heads.chain?.hash === byEntries.hash ? heads.chain : byEntries), gapsTo: now };
  const gap: EntryBody = {
    kind: 'gap',
    cluster: chain.cluster,
    observedAt: now.toString(),
    unseenFrom: seenAt.toString(),
    unseenTo: now.toString(),
    reason: `The row "${rowKey}" of the ledger ${why}. It was rebuilt from the ledger's ${entries.length} entries.`,
  };
  const readable = heads.pools.filter(({ nodePool }) => poolRow(nodePool) !== rowKey);
  const pools = rebuilt.pools.map((pool) => ({ ...(ofPool(readable, pool.nodePool) ?? pool), runs: undefined }));
  const lost = [...heads.poolEtags.keys()].map((row) => row.slice(row.indexOf('|') + 1));
  const removedHeads = lost.filter((name) => !ofPool(pools, name));
  const rows = [
    ...pools.map((head) => ({ name: head.nodePool, head })),
    ...removedHeads.map((name) => ({ name, head: undefined })),
  ].toSorted((one, other) => Number(poolRow(one.name) === rowKey) - Number(poolRow(other.name) === rowKey));
  // A chain head that can't be read, or is not there, stays one that can't be read up to the last transaction.
  const before = { chain: heads.chain ?? { ...empty, sequence: -1 }, entries: [] };
  const mended = toAppend(chain, [gap], now);
  return batchesOf(rows, headsPerAppend).map((batch, index, batches) => ({
    ...(index === batches.length - 1 ? mended : before),
    heads: batch.flatMap(({ head }) => head ?? []),
    removedHeads: batch.flatMap(({ name, head }) => (head ? [] : [name])),
  }));
}

async function listStored({ tables }: Parts, key: ClusterKey, refuse: (reason: string) => Error) {
  try {
    return (await Array.fromAsync(readStoredEntries(tables, key))).toReversed();
  } catch (error) {
    throw error instanceof UnreadableRow ? refuse(`its row "${error.rowKey}" ${error.why}`) : error;
  }
}

/** The rest of a sentence; undefined where the entries are whole and reach all that was made of them. */
async function notWhole({ tables, digests }: Parts, key: ClusterKey, stored: readonly unknown[], heads: Heads) {
  const newest = z.looseObject({ cluster: z.string() }).safeParse(stored.at(-1)).data;
  const broken = firstBreak(key, stored, newest);
  if (broken) return `entry ${broken.sequence} ${broken.problem}`;
  if ((heads.chain?.sequence ?? 0) > stored.length)
    return `its head names ${heads.chain?.sequence} entries and ${stored.length} are there`;
  const { sequence: shown } = await readCursor(tables, key);
  if (shown > stored.length) return `the history was made of ${shown} entries and ${stored.length} are there`;
  const told = await readNotificationCursor(tables, key);
  if (told && 'problem' in told) return `up to where its entries were notified can't be told: ${told.problem}`;
  if (told && told.sequence > stored.length)
    return `${told.sequence} entries were notified and ${stored.length} are there`;
  const digested = await newestDigested(digests, key);
  const undigested = digested && firstUndigested(stored, [digested]);
  return undigested && `entry ${undigested.sequence} ${undigested.problem}`;
}

/** Of the newest digest that names the cluster. */
async function newestDigested(digests: Parts['digests'], key: ClusterKey) {
  for (const name of (await digests.list()).filter(isDigestName).toReversed()) {
    const digest = readDigest((await digests.read(name)) ?? '');
    if (!digest) throw new Error(`The digest ${name} can't be read.`);
    const head = digest.clusters.find(({ cluster }) => clusterKey(cluster) === key);
    if (head) return { digest: name, ...head };
  }
  return undefined;
}
