// What a gate is: it looks at one pool and lets it pass, or refuses in plain words. Shared by the gates and plan.
import { isNewer } from '../image/nodeImageVersion.ts';
import type { PoolFacts } from '../rings/poolFacts.ts';
import type { Refusal } from '../rings/refusal.ts';
import type { RingState } from '../rings/ringState.ts';
import { valueIn } from '../text/read.ts';
import type { KnownWindow } from '../window/knownWindow.ts';
import type { MaintenanceWindow, WindowAt } from '../window/maintenanceWindow.ts';

export type PoolContext = PoolFacts & {
  readonly window:
    | Exclude<KnownWindow, { readonly kind: 'window' }>
    | { readonly kind: 'window'; readonly window: MaintenanceWindow; readonly at: WindowAt };
  /** Undefined where nobody can tell how many nodes roll; then nothing is started. */
  readonly estimateMinutes: number | undefined;
  readonly rings: readonly RingState[];
};

/** A refusal, or its sentence alone. Refuses whatever it can't tell: else it would start an upgrade on a guess. */
export type Gate = (context: PoolContext) => Refusal | string | undefined;

export function offeredOf({ latest: read, pool }: PoolFacts): string | undefined {
  const [latest, current] = [valueIn(read), pool.nodeImageVersion];
  // What can't be compared may be one: imageUnknown has the say then.
  return latest !== undefined && current !== undefined && isNewer(latest, current) !== false ? latest : undefined;
}
