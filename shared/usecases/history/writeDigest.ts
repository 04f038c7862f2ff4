// Keeps the digest of a week: the heads of all chains, outside of the tables. Called by the weekly check.
import { type ClusterKey, idOfKey } from '../../domain/cluster/clusterId.ts';
import { digestName, digestText, isDigestName, sha256 } from '../../domain/ledger/digest.ts';
import { lastCompleteWeek } from '../../domain/report/isoWeek.ts';
import type { Documents } from '../../ports/documents.ts';
import { UnreadableRow } from '../../ports/tables.ts';
import { readLedgerKeys } from '../../stores/views/headsStore.ts';
import type { FleetTables } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import type { LedgerWriter } from '../observe/appendToLedger.ts';
import { mendHeadsOf } from '../observe/readOrMend.ts';
import { findClusters, readHead } from './findClusters.ts';

/** The name of the digest, unless the week has one. Storage that does not answer fails it: it can't be completed later. */
export async function writeDigest(dependencies: FleetTables & LedgerWriter) {
  const { clock, digests, log } = dependencies;
  const at = clock.now();
  const { name: week } = lastCompleteWeek(at);
  const name = digestName(week);
  const known = (await digests.list()).filter(isDigestName);
  if (known.includes(name)) return undefined;
  const before = known.findLast((one) => one < name);
  const previous = before === undefined ? undefined : { name: before, sha256: await sha256Of(digests, before) };
  // A cluster of which no pool was ever seen may have gaps all the same, and no pool in the history.
  const { tables, subscriptions } = dependencies;
  const copied = await Promise.all(subscriptions.map((one) => readLedgerKeys(tables, one)));
  const keys = [...new Set([...(await findClusters(dependencies, {})), ...copied.flat()])].toSorted();
  const heads = await inParallel(keys, 8, (key) =>
    headOf(dependencies, key, ({ message }) => log.warn(`The digest of ${week} has no head of ${key}: ${message}`)),
  );
  const found = heads.filter((head) => head !== undefined).filter(({ sequence }) => sequence > 0);
  const document = digestText({ week, at: at.toString(), previous }, found);
  return (await digests.write(name, document)) === 'written' ? name : undefined;
}

/** No pass looks at a cluster that is gone: its head may have been lost for days. */
async function headOf(parts: LedgerWriter, key: ClusterKey, onUnreadable: (error: UnreadableRow) => void) {
  const head = await readHead(parts.tables, key);
  const id = idOfKey(key);
  if (head || id === undefined) return head;
  try {
    await mendHeadsOf(parts, id);
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    onUnreadable(error);
  }
  return readHead(parts.tables, key);
}

async function sha256Of(digests: Documents, name: string): Promise<string> {
  const text = await digests.read(name);
  if (text === undefined) throw new Error(`The digest ${name} was there, and is not any more.`);
  return sha256(text);
}
