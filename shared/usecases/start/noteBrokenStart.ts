// Keeps what was thrown under a starter as its verdict on the pool, so that the plan says why nothing starts and the request
// budget is not spent at every pass. Called by startAttempt.
import { brokenOffVerdict } from '../../domain/attempt/starterVerdict.ts';
import { clusterKey } from '../../domain/cluster/cluster.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { ArmError } from '../../ports/arm.ts';
import { readVerdict, writeVerdict } from '../../stores/factsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import type { StartMessage } from '../messages.ts';

/**
 * Leaves the intent, where there is one, to be resolved: the request may have been sent.
 * @throws `thrown` itself, where the verdict can't be written
 */
export async function noteBrokenStart(
  { clock, tables, log }: Dependencies,
  { clusterId, nodePool }: StartMessage,
  thrown: unknown,
): Promise<void> {
  const retryAfterSeconds = thrown instanceof ArmError ? thrown.retryAfterSeconds : undefined;
  log.warn(`The start of pool ${nodePool} of ${clusterId} broke off: ${messageOf(thrown)}`);
  try {
    const key = clusterKey(clusterId);
    const before = await readVerdict(tables, key, nodePool);
    const known = before && 'value' in before ? before.value : undefined;
    const verdict = brokenOffVerdict(nodePool, { message: messageOf(thrown), retryAfterSeconds }, known, clock.now());
    await writeVerdict(tables, key, verdict, clock.now());
  } catch (error) {
    log.warn(`That could not be noted: ${messageOf(error)}`);
    throw thrown;
  }
}
