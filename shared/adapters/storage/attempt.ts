// Says what was attempted where the SDK of a storage service throws. Used by azureTables, azureQueues and azureDocuments.
import { messageOf } from '../../domain/text/messageOf.ts';
import { withoutSecrets } from '../../domain/text/oneLine.ts';

/** @param what finishes the sentence "{place}: could not …" */
export async function attempt<T>(place: string, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Error(`${place}: could not ${what}: ${withoutSecrets(messageOf(cause))}`, { cause });
  }
}
