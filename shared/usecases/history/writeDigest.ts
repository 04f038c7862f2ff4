// Keeps the digest of a week: the heads of all chains, outside of the tables. Called by the weekly check.
import type { ClusterKey } from '../../domain/cluster/cluster.ts';
import { digestName, digestText, isDigestName, sha256 } from '../../domain/ledger/digest.ts';
import type { ChainHead } from '../../domain/ledger/heads.ts';
import { lastCompleteWeek } from '../../domain/report/isoWeek.ts';
import type { Digests } from '../../ports/digests.ts';
import { UnreadableRow } from '../../ports/tables.ts';
import { readChain } from '../../stores/ledgerStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { findClusters } from './findClusters.ts';

const width = 8;

/**
 * The digest of the last complete week, unless it has one: it is written once, whoever comes first. Reads one row for each known cluster.
 * @returns its name; undefined when the week had one
 */
export async function writeDigest(
  dependencies: Pick<Dependencies, 'clock' | 'tables' | 'digests' | 'subscriptions' | 'log'>,
): Promise<string | undefined> {
  const { clock, digests } = dependencies;
  const at = clock.now();
  const { name: week } = lastCompleteWeek(at);
  const name = digestName(week);
  const known = (await digests.list()).filter(isDigestName);
  if (known.includes(name)) return undefined;
  const before = known.findLast((one) => one < name);
  const previous = before === undefined ? undefined : { name: before, sha256: await sha256Of(digests, before) };
  const keys = await findClusters(dependencies, {});
  const heads = await inParallel(keys, width, (key) => readHead(dependencies, week, key));
  const found = heads.filter((head) => head !== undefined);
  const document = digestText({ week, at: at.toString(), ...(previous && { previous }) }, found);
  return (await digests.write(name, document)) === 'written' ? name : undefined;
}

/** Where its row holds no head, undefined. Storage that does not answer fails the digest, which could never be completed. */
async function readHead(
  { tables, log }: Pick<Dependencies, 'tables' | 'log'>,
  week: string,
  key: ClusterKey,
): Promise<ChainHead | undefined> {
  try {
    return await readChain(tables, key);
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    log.warn(`The digest of ${week} has no head of ${key}: ${error.message}`);
    return undefined;
  }
}

async function sha256Of(digests: Digests, name: string): Promise<string> {
  const text = await digests.read(name);
  if (text === undefined) throw new Error(`The digest ${name} was there, and is not any more.`);
  return sha256(text);
}
