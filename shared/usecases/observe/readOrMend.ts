// The heads of a cluster as a pass takes them: those that were lost are put back first. Called by gatherFleet.
import { type ClusterKey, idOfKey } from '../../domain/cluster/clusterId.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { type HeadsOrProblem, readHeadsOrProblem } from '../../stores/ledgerStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { appendToLedger } from './appendToLedger.ts';

/** Lost ones are mended before the pass is noted, which tells of its list; where they can't be, the problem says why. */
export async function readOrMend(dependencies: Dependencies, key: ClusterKey): Promise<HeadsOrProblem> {
  const read = await readHeadsOrProblem(dependencies.tables, key);
  const id = idOfKey(key);
  if ((read.problem === undefined && read.chain) || id === undefined) return read;
  try {
    await appendToLedger(dependencies, id, async () => ({ appends: [], outcome: undefined }));
    return await readHeadsOrProblem(dependencies.tables, key);
  } catch (error) {
    return { pools: [], problem: messageOf(error) };
  }
}
