// What a gate is: it looks at one pool and lets it pass, or refuses with a reason in plain words. Shared by the gates
// and plan.
import type { PoolFacts } from '../rings/poolFacts.ts';
import type { Refusal } from '../rings/refusal.ts';
import type { RingState } from '../rings/ringState.ts';
import type { KnownWindow } from '../window/knownWindow.ts';
import type { MaintenanceWindow, WindowAt } from '../window/maintenanceWindow.ts';

/** What the gates look at: one pool, its cluster's window as read at `now`, and all rings. */
export type PoolContext = PoolFacts & {
  readonly window:
    | Exclude<KnownWindow, { readonly kind: 'window' }>
    | { readonly kind: 'window'; readonly window: MaintenanceWindow; readonly at: WindowAt };
  /** Undefined where nobody can tell how many nodes roll; then nothing is started. */
  readonly estimateMinutes: number | undefined;
  /** In their order. */
  readonly rings: readonly RingState[];
};

/** Refuses whatever it can't tell: a gate that lets pass what it does not know would start an upgrade on a guess. */
export type Gate = (context: PoolContext) => Refusal | undefined;
