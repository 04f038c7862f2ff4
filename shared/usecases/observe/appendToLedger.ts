// The one door to the ledger. Called by recordObservation, amend and recordGaps.
import type { Temporal } from 'temporal-polyfill';
import { type Cluster, ofPool, samePool } from '../../domain/cluster/cluster.ts';
import { type ClusterKey, clusterKey } from '../../domain/cluster/clusterId.ts';
import { type Append, headsAfter } from '../../domain/ledger/append.ts';
import { isRoll } from '../../domain/ledger/historyRow.ts';
import type { Entry } from '../../domain/ledger/ledger.ts';
import { rebuildHeads } from '../../domain/ledger/rebuildHeads.ts';
import { asksForCount } from '../../domain/rings/ringCount.ts';
import { isAdverse, newsIn } from '../../domain/rings/ringNews.ts';
import type { Tables } from '../../ports/tables.ts';
import {
  append,
  chainRow,
  type HeadsRead,
  listEntries,
  poolRow,
  readHeadRows,
  readNewestLink,
} from '../../stores/ledgerStore.ts';
import { startNotificationCursor } from '../../stores/notificationsStore.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { noteNews } from '../../stores/starts/ringsStore.ts';
import { copyHeads } from '../../stores/views/headsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { describeEntry } from './describeEntry.ts';
import { mendHeads } from './mendHeads.ts';
import { projectDelaySeconds, projectLedger } from './projectLedger.ts';

const tries = 8;

export type LedgerWriter = Pick<Dependencies, 'clock' | 'tables' | 'digests' | 'queues' | 'topic' | 'log'>;

/** `cluster`: as ARM showed it, where that was read. */
export type Decided<Outcome> = {
  readonly appends: readonly Append[];
  readonly outcome: Outcome;
  readonly cluster?: Cluster | undefined;
};

/**
 * Heads that are damaged or lost are rebuilt first, where that can be.
 * @param decide reads ARM after the heads, so that nothing older than they are is appended
 * @throws when others change the ledger all the time, or UnreadableRow where a head is lost for good; nothing was written
 */
export async function appendToLedger<Outcome>(
  parts: LedgerWriter,
  clusterId: string,
  decide: (heads: HeadsRead) => Promise<Decided<Outcome>>,
): Promise<Outcome> {
  const { tables } = parts;
  const key = clusterKey(clusterId);
  let unlinked: string | undefined = 'none yet';
  for (let tried = 0; tried < tries; tried += 1) {
    const { heads, damage } = await readHeadRows(tables, key);
    const decided = damage ? undefined : await decide(heads);
    const appends = decided?.appends ?? [];
    // Without a chain an observation that adds nothing may have missed what the ledger knows.
    const isNews = !heads.chain || appends.some(({ entries }) => entries.length > 0);
    const isLinked = !isNews || isLink(heads, await readNewestLink(tables, key));
    const lost = damage ?? (isLinked ? await damagedPool(tables, key, heads, appends) : unlinkedHead(heads));
    if (!lost && (await write(parts, clusterId, heads, appends, decided?.cluster)) === 'written' && decided)
      return decided.outcome;
    // Somebody may have appended since the heads were read: a head that stays as it is, is not the chain's.
    if (lost && (isLinked || unlinked === heads.etag)) {
      await write(parts, clusterId, heads, await mendHeads(parts, key, heads, lost));
    }
    unlinked = isLinked ? 'none yet' : heads.etag;
  }
  throw new Error(`The ledger of ${key} was changed by others ${tries} times in a row; try again.`);
}

const unlinkedHead = ({ etag }: HeadsRead) => ({
  rowKey: chainRow,
  why: etag === undefined ? 'is not there, and the ledger has entries' : 'is not of the newest entry',
});

function isLink({ chain }: HeadsRead, newest: Awaited<ReturnType<typeof readNewestLink>>): boolean {
  return newest ? newest.sequence === chain?.sequence && newest.hash === chain?.hash : (chain?.sequence ?? 0) === 0;
}

/** Looked at where a pool is to be seen for the first time, or a roll of it to be told: does the ledger say otherwise? */
async function damagedPool(tables: Tables, key: ClusterKey, heads: HeadsRead, [first]: readonly Append[]) {
  const entries = first?.entries ?? [];
  const isAnew = !heads.chain || heads.chain.gone || entries.some(({ kind, nodePool }) => kind === 'gone' && !nodePool);
  if (isAnew) return undefined;
  return (
    (await lostPool(
      tables,
      key,
      entries.filter(({ kind }) => kind === 'firstSeen'),
    )) ?? (await stalePool(tables, key, heads, entries.filter(isRoll)))
  );
}

async function lostPool(tables: Tables, key: ClusterKey, seen: readonly Entry[]) {
  if (seen.length === 0) return undefined;
  const { pools } = rebuildHeads((await listEntries(tables, key)).toReversed());
  const lost = seen.find(({ nodePool = '' }) => ofPool(pools, nodePool));
  return lost?.nodePool === undefined
    ? undefined
    : { rowKey: poolRow(lost.nodePool), why: 'is not there, and the ledger has its pool' };
}

/** An older copy of a head, or that of another pool, would tell a roll that was none. */
async function stalePool(tables: Tables, key: ClusterKey, { pools }: HeadsRead, rolls: readonly Entry[]) {
  for (const { nodePool = '' } of rolls) {
    const head = ofPool(pools, nodePool);
    if (!head) continue;
    const since = await listEntries(tables, key, head.sequence - 1);
    const newest = since.find((entry) => entry.kind !== 'amendment' && samePool(entry.nodePool ?? '', nodePool));
    const image = newest && (isRoll(newest) ? newest.to : newest.kind === 'firstSeen' ? newest.nodeImageVersion : '');
    if (newest?.sequence === head.sequence && image === head.nodeImageVersion) continue;
    return { rowKey: poolRow(nodePool), why: 'is not of the newest entry of its pool' };
  }
  return undefined;
}

/** The message that projects, the notification cursor and news for the rings come before the append: a crash behind it loses none. */
async function write(
  { clock, tables, queues, topic, log }: LedgerWriter,
  clusterId: string,
  heads: HeadsRead,
  appends: readonly Append[],
  cluster?: Cluster,
): Promise<'written' | 'conflict'> {
  if (appends.length === 0) return 'written';
  const entries = appends.flatMap((one) => one.entries);
  if (entries.length > 0) {
    await queues.send('project-cluster', { clusterId }, projectDelaySeconds);
    const before = (entries[0]?.sequence ?? 1) - 1;
    await noteAdverse(tables, appends, cluster, clock.now());
    if (topic) await startNotificationCursor(tables, clusterKey(clusterId), before);
  }
  if ((await append(tables, heads, appends)) === 'conflict') return 'conflict';
  for (const entry of entries) log.info(describeEntry(entry));
  await copyHeads(tables, clusterKey(clusterId), headsAfter(heads, appends));
  // Also without news: this makes good a projection that failed to the end, its message poisoned.
  await projectLedger({ tables }, { clusterId });
  return 'written';
}

/** Most appends bring nothing that speaks against a start elsewhere, and the policy is not read for them. */
async function noteAdverse(
  tables: Tables,
  appends: readonly Append[],
  cluster: Cluster | undefined,
  now: Temporal.Instant,
): Promise<void> {
  if (!appends.some((one) => one.entries.some((entry) => isAdverse(entry, one)))) return;
  const { policy } = await readPolicy(tables);
  const news = asksForCount(policy) ? newsIn(appends, cluster, policy, now) : undefined;
  if (news) await noteNews(tables, news);
}
