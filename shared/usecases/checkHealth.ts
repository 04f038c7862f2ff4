// Can the app do its work, and does it? Called by getHealth.

import { Temporal } from 'temporal-polyfill';
import { messageOf } from '../domain/messageOf.ts';
import type { Log } from '../ports.ts';
import { readPasses } from '../stores/passStore.ts';
import type { Dependencies } from './dependencies.ts';

const longestSilenceMinutes = 60;

/**
 * Healthy when the settings are complete, storage answers, and no subscription was left unplanned for an hour.
 * Why it is not goes to the log, not to the caller.
 */
export async function checkHealth(compose: () => Dependencies, log: Log): Promise<'healthy' | 'unhealthy'> {
  try {
    const { clock, tables, subscriptions } = compose();
    const oldest = clock.now().subtract({ minutes: longestSilenceMinutes });
    const silent = (await readPasses(tables)).filter(
      ({ subscription, at }) =>
        subscriptions.includes(subscription) && Temporal.Instant.compare(Temporal.Instant.from(at), oldest) < 0,
    );
    for (const { subscription, at } of silent) log.warn(`Unhealthy: ${subscription} was last planned at ${at}.`);
    return silent.length > 0 ? 'unhealthy' : 'healthy';
  } catch (error) {
    log.warn(`Unhealthy: ${messageOf(error)}`);
    return 'unhealthy';
  }
}
