// The heads of a cluster as a pass takes them: those that were lost are put back first. Called by gatherFleet and writeDigest.
import { type ClusterKey, idOfKey } from '../../domain/cluster/clusterId.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { type HeadsOrProblem, readHeadsOrProblem } from '../../stores/ledgerStore.ts';
import { appendToLedger, type LedgerWriter } from './appendToLedger.ts';

/** Lost ones are mended before the pass is noted, which tells of its list; where they can't be, the problem says why. */
export async function readOrMend(parts: LedgerWriter, key: ClusterKey): Promise<HeadsOrProblem> {
  const read = await readHeadsOrProblem(parts.tables, key);
  const id = idOfKey(key);
  if ((read.problem === undefined && read.chain) || id === undefined) return read;
  try {
    await mendHeadsOf(parts, id);
    return await readHeadsOrProblem(parts.tables, key);
  } catch (error) {
    return { pools: [], problem: messageOf(error) };
  }
}

/** @throws UnreadableRow where they can't be mended, and what storage throws */
export function mendHeadsOf(parts: LedgerWriter, clusterId: string): Promise<void> {
  return appendToLedger(parts, clusterId, async () => ({ appends: [], outcome: undefined }));
}
