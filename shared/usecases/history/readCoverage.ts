// Up to when the record speaks: when each subscription was last listed, and each source of events last heard. Called by
// whoever answers with the record; gaps that are over are rows of the history.
import type { EventSource } from '../../domain/observe/changeEvidence.ts';
import { readPasses } from '../../stores/passStore.ts';
import { lastHeard } from '../../stores/sourcesStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { listedAt } from '../observe/recordGaps.ts';

export type Coverage = {
  readonly subscriptions: readonly {
    readonly subscription: string;
    /** ISO; absent: never. */
    readonly listedAt?: string | undefined;
    /** Why the last pass could not list it. */
    readonly problem?: string | undefined;
  }[];
  /** ISO, or `never heard`. Whether one that is silent is off, nobody knows. */
  readonly sources: Readonly<Record<EventSource, string>>;
};

export async function readCoverage({ clock, tables }: Pick<Dependencies, 'clock' | 'tables'>): Promise<Coverage> {
  const [passes, sources] = await Promise.all([readPasses(tables), lastHeard(tables, clock.now())]);
  return {
    subscriptions: passes.map((pass) => ({
      subscription: pass.subscription,
      listedAt: listedAt({ value: pass })?.toString(),
      problem: pass.problem,
    })),
    sources,
  };
}
