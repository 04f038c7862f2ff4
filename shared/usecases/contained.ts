// The border around one cluster: what goes wrong with it is said, and stays with it. Called by every loop over clusters.
import { messageOf } from '../domain/text/messageOf.ts';
import type { Dependencies } from './dependencies.ts';

/** Undefined when the work throws. @param what names the cluster and what was to be done */
export async function contained<T>({ log }: Pick<Dependencies, 'log'>, what: string, work: () => T | Promise<T>) {
  try {
    return await work();
  } catch (error) {
    log.warn(`${what}: ${messageOf(error)}`);
    return undefined;
  }
}
