// The attempts in flight: one row a cluster, which leaves when the attempt's end is in the ledger. A ring of limited concurrency
// has a row too, which every start in it replaces by its ETag, and so has a region, for its quotas: two that counted the same
// attempts can't both start. A row that
// can't be read is an attempt all the same, nobody knows in which ring.
import { Attempt } from '../../domain/attempt/attempt.ts';
import { type ClusterKey, clusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import type { QuotaShare } from '../../domain/preflight/checkQuota.ts';
import type { Row, Tables } from '../../ports/tables.ts';
import { type Codec, readRow, valueIfRead, valueOrThrow } from '../rows/readRow.ts';
import { insertOrReplace } from '../rows/replaceRow.ts';

export type StoredAttempt = { readonly attempt: Attempt; readonly etag: string };

/** A claim on a cluster whose row can't be read. */
type UnreadAttempt = { readonly key: ClusterKey; readonly problem: string };

export type Starts = { readonly attempts: readonly StoredAttempt[]; readonly unread: readonly UnreadAttempt[] };

const partition = 'starts';
const clusterPrefix = 'cluster|';
const rowOf = (clusterId: string) => clusterPrefix + clusterKey(clusterId);
const keyOf = ({ rowKey }: Row) => rowKey.slice(clusterPrefix.length);
const ringRow = (ring: string) => `ring|${ring.toLowerCase()}`;

const attemptRows: Codec<typeof Attempt> = {
  table: 'Starts',
  schema: Attempt,
  isOwn: ({ cluster }, row) => clusterKey(cluster) === keyOf(row),
};

/** How many attempts may be in flight in a ring, and which are: the policy says, not the row. */
export type RingLimit = {
  readonly ring: string;
  readonly concurrency: number;
  readonly isInRing: (attempt: Attempt) => boolean;
};

/** What a start needs of the quotas of its region. Attempts in flight have taken theirs, or are about to. */
export type QuotaLimit = {
  readonly subscription: string;
  readonly region: string;
  readonly shares: readonly QuotaShare[];
};

const quotaRow = ({ subscription, region }: QuotaLimit) => `quota|${subscription}|${region.toLowerCase()}`;

export async function readStarts(tables: Tables): Promise<Starts> {
  const attempts: StoredAttempt[] = [];
  const unread: UnreadAttempt[] = [];
  for await (const row of tables.query('Starts', partition, { from: clusterPrefix, to: 'cluster}' })) {
    const read = readRow(attemptRows, row);
    if ('problem' in read) unread.push({ key: keyOf(row), problem: read.problem });
    else attempts.push({ attempt: read.value, etag: row.etag });
  }
  return { attempts, unread };
}

/** Those of them that can be read. */
export async function listAttempts(tables: Tables): Promise<readonly StoredAttempt[]> {
  return (await readStarts(tables)).attempts;
}

/** @throws UnreadableRow when the cluster is claimed by nobody knows what */
export async function getAttempt(tables: Tables, clusterId: string): Promise<StoredAttempt | undefined> {
  const row = await tables.get('Starts', partition, rowOf(clusterId));
  return row && { attempt: valueOrThrow(attemptRows, row), etag: row.etag };
}

/** Claims the cluster for this attempt, within the ring's limit and the quotas of its region. */
export async function insertAttempt(
  tables: Tables,
  attempt: Attempt,
  limit?: RingLimit,
  quota?: QuotaLimit,
): Promise<'inserted' | 'claimed' | 'atLimit' | 'atQuota'> {
  const rowKey = rowOf(attempt.cluster);
  for (;;) {
    // The ring's row before the attempts: whoever starts after we count replaces it. What it holds is never asked.
    const ring = limit && (await tables.get('Starts', partition, ringRow(limit.ring)));
    const region = quota && (await tables.get('Starts', partition, quotaRow(quota)));
    const { attempts, unread } = limit || quota ? await readStarts(tables) : { attempts: [], unread: [] };
    if (quota && !fits(quota, attempts, attempt)) return 'atQuota';
    if (limit) {
      const others = attempts.filter((one) => limit.isInRing(one.attempt) && one.attempt.id !== attempt.id);
      const unknown = unread.filter(({ key }) => clusterPrefix + key !== rowKey);
      if (others.length + unknown.length >= limit.concurrency) return 'atLimit';
    }
    const claim = insertOrReplace(rowKey, attempt, undefined);
    const value = { attempt: attempt.id };
    const guards = [
      ...(limit ? [insertOrReplace(ringRow(limit.ring), value, ring?.etag)] : []),
      ...(quota ? [insertOrReplace(quotaRow(quota), value, region?.etag)] : []),
    ];
    const written = await tables.write('Starts', partition, [claim, ...guards]);
    if (written === 'written') return 'inserted';
    // An insert whose answer was lost is sent again and finds its own row.
    const stored = await tables.get('Starts', partition, rowKey);
    if (stored) return valueIfRead(attemptRows, stored)?.id === attempt.id ? 'inserted' : 'claimed';
    if (!limit && !quota) return 'claimed';
    // Another start of the ring or region came first: count again. Each turn some start gets through, so this ends.
  }
}

/** What Azure counts as used may have some of it in already: a start waits rather than that two take the same vCPUs. */
function fits({ subscription, region, shares }: QuotaLimit, attempts: readonly StoredAttempt[], own: Attempt): boolean {
  const others = attempts.flatMap(({ attempt: { id, cluster, location = '', reserves = [] } }) => {
    const isThere =
      location.toLowerCase() === region.toLowerCase() && subscriptionOf(clusterKey(cluster)) === subscription;
    return isThere && id !== own.id ? reserves : [];
  });
  return shares.every(({ name, vCpus, used, limit }) => {
    const reserved = others.reduce((sum, one) => sum + (one.name === name ? one.vCpus : 0), 0);
    return used + reserved + vCpus <= limit;
  });
}

/** False when the row is another attempt's, or gone, or changed meanwhile. */
export async function replaceAttempt(tables: Tables, attempt: Attempt): Promise<boolean> {
  const stored = await getAttempt(tables, attempt.cluster);
  if (stored?.attempt.id !== attempt.id) return false;
  const change = { kind: 'replace', rowKey: rowOf(attempt.cluster), value: attempt, etag: stored.etag } as const;
  return (await tables.write('Starts', partition, [change])) === 'written';
}

/** Removes this attempt's row; another attempt's row stays. True for the one caller that removed it. */
export async function removeAttempt(tables: Tables, attempt: Attempt): Promise<boolean> {
  const stored = await getAttempt(tables, attempt.cluster);
  if (stored?.attempt.id !== attempt.id) return false;
  const change = { kind: 'delete', rowKey: rowOf(attempt.cluster), etag: stored.etag } as const;
  return (await tables.write('Starts', partition, [change])) === 'written';
}
