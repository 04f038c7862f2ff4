// Can the app do its work? Called by getHealth.
import type { Log } from '../ports.ts';
import { readPolicy } from '../stores/policyStore.ts';
import type { Dependencies } from './dependencies.ts';

/** Healthy when the settings are complete and storage answers. Why it is not goes to the log, not to the caller. */
export async function checkHealth(compose: () => Dependencies, log: Log): Promise<'healthy' | 'unhealthy'> {
  try {
    await readPolicy(compose().tables);
    return 'healthy';
  } catch (error) {
    log.warn(`Unhealthy: ${error instanceof Error ? error.message : String(error)}`);
    return 'unhealthy';
  }
}
