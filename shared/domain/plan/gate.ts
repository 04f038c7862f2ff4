// What a gate is: it looks at one pool and lets it pass, or refuses with a reason in plain words. Shared by the gates
// and plan.
import type { Temporal } from 'temporal-polyfill';
import type { NodePool } from '../cluster/cluster.ts';
import type { PoolHead } from '../ledger/ledger.ts';
import type { PolicyInForce } from '../policy/policy.ts';
import type { Ring } from '../policy/ring.ts';
import type { ClusterFacts, Read } from '../rings/clusterFacts.ts';
import type { RingState } from '../rings/ringState.ts';
import type { MaintenanceWindow, WindowAt, WindowProblem } from '../window/maintenanceWindow.ts';

/** What is known of one pool: its cluster's facts, what ARM would install, and where it stands by policy and ledger. */
export type PoolFacts = {
  readonly facts: ClusterFacts;
  readonly policy: PolicyInForce;
  readonly pool: NodePool;
  readonly now: Temporal.Instant;
  readonly latest: Read<string | undefined>;
  readonly head: PoolHead | undefined;
  /** Undefined where the policy has no rings, or none of them selects the pool. */
  readonly ring: Ring | undefined;
};

/** What the gates look at: one pool, its cluster's window as read at `now`, and all rings. */
export type PoolContext = PoolFacts & {
  readonly window:
    | { readonly kind: 'notRead'; readonly problem: string }
    | { readonly kind: 'none' }
    | { readonly kind: 'unreadable'; readonly problems: readonly WindowProblem[] }
    | { readonly kind: 'window'; readonly window: MaintenanceWindow; readonly at: WindowAt };
  /** Undefined where nobody can tell how many nodes roll; then nothing is started. */
  readonly estimateMinutes: number | undefined;
  /** In their order. */
  readonly rings: readonly RingState[];
};

export type Refusal = {
  /** One or two sentences with the facts; what to do, where somebody must act. */
  readonly sentence: string;
  /** When this refusal lifts by itself, where that is known. */
  readonly nextEligibleAt?: Temporal.Instant | undefined;
  /** Where somebody must act, though the gate's other refusals lift by themselves. */
  readonly verdict?: 'blocked';
};

/** Refuses whatever it can't tell: a gate that lets pass what it does not know would start an upgrade on a guess. */
export type Gate = (context: PoolContext) => Refusal | undefined;

/** Texts of Azure's and of people end with a full stop or without. */
export function withoutFullStop(text: string): string {
  return text.trimEnd().replace(/\.$/, '');
}
