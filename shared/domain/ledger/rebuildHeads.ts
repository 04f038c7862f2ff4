// The heads of a ledger as its entries show them, for those that were lost or damaged. Called by mendHeads.
import { Temporal } from 'temporal-polyfill';
import type { ChainHead, Heads, PoolHead } from './heads.ts';
import { historyRows, isRoll } from './historyRow.ts';
import type { Direction, Entry, FoldedRoll } from './ledger.ts';
import { leftByStepBack } from './stepBack.ts';

/** What no entry tells is absent: soak and estimates start anew. @param entries a whole chain, oldest first; not empty */
export function rebuildHeads(entries: readonly Entry[]): Heads {
  const pools = new Map<string, PoolHead>();
  let gone = false;
  let resourceUid: string | undefined;
  for (const row of historyRows(entries)) {
    const name = row.nodePool?.toLowerCase();
    if (row.kind === 'gone' && name === undefined) pools.clear();
    gone = row.kind === 'gap' ? gone : row.kind === 'gone' && name === undefined;
    if (name === undefined) continue;
    if (row.kind === 'gone') pools.delete(name);
    const { sequence, recordedAt } = row;
    const entry = { nodePool: row.nodePool ?? '', sequence, recordedAt: Temporal.Instant.from(recordedAt) };
    if (row.kind === 'firstSeen') {
      resourceUid = row.resourceUid;
      pools.set(name, { ...entry, nodeImageVersion: row.nodeImageVersion });
    } else if (isRoll(row)) {
      pools.set(name, { ...entry, ...afterRoll(row, pools.get(name)) });
    }
  }
  return { chain: chainAfter(entries, resourceUid, gone), pools: [...pools.values()] };
}

function chainAfter(entries: readonly Entry[], resourceUid: string | undefined, gone: boolean): ChainHead | undefined {
  const newest = entries.at(-1);
  if (!newest) return undefined;
  const { cluster, sequence, hash } = newest;
  // A gap tells of a list, and an amendment of later news: neither is a read of the cluster.
  const read = entries.findLast(({ kind }) => kind !== 'gap' && kind !== 'amendment') ?? newest;
  const observedAt = Temporal.Instant.from(read.observedAt);
  return { cluster, resourceUid, sequence, hash, observedAt, gone: gone || undefined };
}

function afterRoll(row: FoldedRoll, before: PoolHead | undefined) {
  const head = before ?? { nodePool: row.nodePool, nodeImageVersion: row.from, sequence: 0, recordedAt: epoch };
  const pool = { name: row.nodePool, provisioningState: 'Succeeded', powerState: 'Running', mode: 'User', osType: '' };
  const isBehind = row.outcome === 'partial';
  const at = Temporal.Instant.from(row.observedAt);
  return {
    nodeImageVersion: row.to,
    ...leftByStepBack(head, pool, row.to, row.from, row.to === row.from ? undefined : directionIn(row)),
    lastAttempt: attemptOf(row) ?? before?.lastAttempt,
    // Its nodes are asked again at the next look.
    openProof: isBehind ? { since: at, triedAt: epoch, attempt: row.attempt } : undefined,
    nodesBehind: isBehind ? { proof: row.proof, nodes: row.nodes ?? {}, countedAt: at } : undefined,
  };
}

/** Rows older than the field tell of a step back by their cause. */
function directionIn({ direction, cause }: FoldedRoll): Direction | undefined {
  return direction ?? (cause === 'rollback' ? 'back' : undefined);
}

const epoch = Temporal.Instant.fromEpochMilliseconds(0);

/** No failures are counted: that a pool which failed was ours can't be told, so that a person looks at it first. */
function attemptOf({ attempt: id, window, outcome, to, target = to }: FoldedRoll): PoolHead['lastAttempt'] {
  if (id === undefined || window?.opensAt === undefined || window.closesAt === undefined) return undefined;
  const [opensAt, closesAt] = [window.opensAt, window.closesAt].map((at) => Temporal.Instant.from(at));
  return opensAt && closesAt && { id, opensAt, closesAt, outcome, to: target, failures: 0 };
}
