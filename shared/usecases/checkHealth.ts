// Can the app do its work, and does it? Called by getHealth.
import { Temporal } from 'temporal-polyfill';
import { type EventSource, eventSources } from '../domain/changeEvidence.ts';
import type { Log } from '../ports.ts';
import { readPasses } from '../stores/passStore.ts';
import { readSources } from '../stores/sourcesStore.ts';
import type { Dependencies } from './dependencies.ts';

const longestSilenceMinutes = 60;

export type Health = {
  readonly status: 'healthy' | 'unhealthy';
  /** When each source of events was last heard: a source may be off, which is no illness. Absent when storage does not answer. */
  readonly sources?: Readonly<Record<EventSource, string>>;
};

/**
 * Healthy when the settings are complete, storage answers, and no subscription was left unplanned for an hour.
 * Why it is not goes to the log, not to the caller.
 */
export async function checkHealth(compose: () => Dependencies, log: Log): Promise<Health> {
  try {
    const { clock, tables, subscriptions } = compose();
    const oldest = clock.now().subtract({ minutes: longestSilenceMinutes });
    const silent = (await readPasses(tables)).filter(
      ({ subscription, at }) =>
        subscriptions.includes(subscription) && Temporal.Instant.compare(Temporal.Instant.from(at), oldest) < 0,
    );
    for (const { subscription, at } of silent) log.warn(`Unhealthy: ${subscription} was last planned at ${at}.`);
    const heard = await readSources(tables);
    const told = eventSources.map((source) => [source, heard[source]?.lastEventAt ?? 'never heard'] as const);
    return {
      status: silent.length > 0 ? 'unhealthy' : 'healthy',
      sources: Object.fromEntries(told) as Record<EventSource, string>,
    };
  } catch (error) {
    log.warn(`Unhealthy: ${error instanceof Error ? error.message : String(error)}`);
    return { status: 'unhealthy' };
  }
}
