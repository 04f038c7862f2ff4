// Where the pools of a subscription stand by their ledgers, in a handful of requests. Called by gatherFleet.
import type { ClusterKey } from '../../domain/cluster/clusterId.ts';
import type { HeadsOrProblem } from '../../stores/ledgerStore.ts';
import { copyHeads, readCopiedHeads } from '../../stores/views/headsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { inTurn } from '../inTurn.ts';
import { readOrMend } from '../observe/readOrMend.ts';

/** The ledgers of so few clusters are all read at each pass; of more some in turn: the weekly check reads all. */
const fewClusters = 20;
const passesPerRound = 200;

/** By the copy, but for those that it has not; and some in turn by their ledgers, so that what is damaged or lost is found. */
export async function headsOf(
  dependencies: Dependencies,
  subscription: string,
  keys: readonly ClusterKey[],
): Promise<ReadonlyMap<ClusterKey, HeadsOrProblem>> {
  const { tables, clock } = dependencies;
  const copied = await readCopiedHeads(tables, subscription);
  const heads = new Map<ClusterKey, HeadsOrProblem>(copied);
  const looks = keys.length <= fewClusters ? keys.length : Math.ceil(keys.length / passesPerRound);
  const looked = inTurn(keys, clock.now()).slice(0, looks);
  await inParallel([...new Set([...looked, ...keys.filter((key) => !copied.has(key))])], 16, async (key) => {
    const read = await readOrMend(dependencies, key);
    heads.set(key, read);
    if (read.problem === undefined && copied.get(key)?.chain?.hash !== read.chain?.hash) {
      await copyHeads(tables, key, read, 'whatever is there');
    }
  });
  return heads;
}
