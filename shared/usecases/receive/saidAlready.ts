// Events that tell nothing new while an observation lies ahead, known without asking storage. Called by markClusters.
import { type ClusterKey, clusterKey } from '../../domain/cluster/clusterId.ts';
import type { ChangeEvidence } from '../../domain/evidence/changeEvidence.ts';
import { identityOf, type Mark } from '../../domain/observe/mark.ts';
import type { Hint } from '../../domain/observe/observation.ts';
import type { Tables } from '../../ports/tables.ts';
import type { Dependencies } from '../dependencies.ts';

export type Said = {
  readonly clusterId: string;
  readonly hint?: Hint | undefined;
  readonly evidence?: ChangeEvidence | undefined;
};

/** Clocks may be set back by so much between the event and the observation. */
const marginMilliseconds = 2000;
const maxRemembered = 10_000;

type Remembered = { readonly until: number; readonly hints: ReadonlySet<string> };
const memories = new WeakMap<Tables, Map<ClusterKey, Remembered>>();

/** The message of a mark that is due later is not visible yet: what reads ARM then, reads it after this event. */
export function rememberSaid({ clock, tables }: Dependencies, key: ClusterKey, mark: Mark | undefined): void {
  const until = (mark?.dueAt?.epochMilliseconds ?? 0) - marginMilliseconds;
  if (!mark || until <= clock.now().epochMilliseconds) return;
  const memory = memories.get(tables) ?? new Map<ClusterKey, Remembered>();
  memories.set(tables, memory);
  if (memory.size >= maxRemembered) memory.clear();
  memory.set(key, { until, hints: new Set(mark.hints.map(identityOf)) });
}

export function isSaid({ clock, tables }: Dependencies, { clusterId, hint, evidence }: Said): boolean {
  const remembered = evidence ? undefined : memories.get(tables)?.get(clusterKey(clusterId));
  if (!remembered || clock.now().epochMilliseconds >= remembered.until) return false;
  return hint === undefined || remembered.hints.has(identityOf(hint));
}
