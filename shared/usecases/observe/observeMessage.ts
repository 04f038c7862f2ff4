// A message of the queue observe-cluster, whatever it holds. Called by observeCluster.
import { clusterKey, parseClusterId } from '../../domain/cluster/clusterId.ts';
import { show } from '../../domain/text/anyValue.ts';
import { RefusedWrite } from '../../ports/tables.ts';
import { readMark } from '../../stores/marksStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { ObserveMessage } from '../messages.ts';
import { parkEvent, readProblem } from '../receive/noteEvents.ts';
import { recordObservation } from './recordObservation.ts';

/** One that names no cluster is parked: tried again it would be no better. @throws where its cluster can't be observed now */
export async function observeMessage(dependencies: Dependencies, raw: unknown): Promise<void> {
  const message = ObserveMessage.safeParse(raw);
  const reason = message.success
    ? wrongId(message.data)
    : 'It is no message to observe a cluster (clusterId is missing).';
  if (!message.success || reason !== undefined) return parkMessage(dependencies, raw, reason ?? '');
  try {
    await recordObservation(dependencies, message.data);
  } catch (error) {
    const problem = error instanceof RefusedWrite ? await refusedKey(dependencies, message.data) : undefined;
    if (problem === undefined) throw error;
    await parkMessage(dependencies, raw, `Storage takes no such cluster: ${problem}`);
  }
}

/** Storage may refuse what is large in a row of a real cluster too: that is no fault of the message. */
async function refusedKey({ tables }: Dependencies, { clusterId }: ObserveMessage): Promise<string | undefined> {
  try {
    await readMark(tables, clusterKey(clusterId));
    return undefined;
  } catch (error) {
    if (!(error instanceof RefusedWrite)) throw error;
    return readProblem(error);
  }
}

const parkMessage = (dependencies: Dependencies, event: unknown, reason: string) =>
  parkEvent(dependencies, 'A message of observe-cluster', { event, reason });

function wrongId({ clusterId }: ObserveMessage): string | undefined {
  return parseClusterId(clusterId)
    ? undefined
    : `clusterId: ${show(clusterId)} is not the ARM id of a managed cluster.`;
}
