// Up to when the record speaks. Called by whoever answers with it; gaps that are over are rows of the history.
import { readPasses } from '../../stores/passStore.ts';
import { lastHeard } from '../../stores/sourcesStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { listedAt } from '../observe/recordGaps.ts';

export type Coverage = Awaited<ReturnType<typeof readCoverage>>;

export async function readCoverage({ clock, tables }: Pick<Dependencies, 'clock' | 'tables'>) {
  const [passes, sources] = await Promise.all([readPasses(tables), lastHeard(tables, clock.now())]);
  const subscriptions = passes.map((pass) => {
    const listed = listedAt({ value: pass })?.toString();
    return { subscription: pass.subscription, listedAt: listed, problem: pass.problem };
  });
  return { subscriptions, sources };
}
