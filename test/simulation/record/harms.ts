// What was done to rows of the keeper's tables, and what the keeper said of it meanwhile. Written by life/damage.ts, read by the
// judges.
import type { RowKind, Way } from '../draw/drawHarm.ts';

/** Times are epoch milliseconds. */
export type Harm = {
  readonly kind: RowKind;
  readonly way: Way;
  /** Undefined: the row is of the whole subscription. */
  readonly clusterKey: string | undefined;
  readonly rowKey: string;
  /** The id that was in a row of Starts. */
  readonly attempt: string | undefined;
  readonly from: number;
  /** The keeper shows the cluster, or it is about none. */
  readonly isShown: boolean;
  /** When it was put back, or found mended by the keeper. */
  to?: number;
  /** The rows that can't be read, by GET /api/health/details right after the damage. */
  told?: readonly string[];
  /** Why nothing is started on each of the cluster's pools, by the passes from the damage to the repair; undefined: there was none. */
  decided?: readonly (readonly string[])[] | undefined;
};

/** Many events within seconds. `clusterKey`: what all of them are about, where it is one cluster. */
export type Flooded = { readonly at: number; readonly clusterKey: string | undefined };

/** An event that somebody made up about a pool, and when it was handed over. */
export type Forged = { readonly at: number; readonly clusterKey: string; readonly nodePool: string };

/** Somebody put something else in the place of a head of the cluster's ledger, up to a time. */
export function headsHarmed(harms: readonly Harm[], clusterKey: string, until: number): boolean {
  return harms.some((harm) => harm.kind.endsWith('Head') && harm.clusterKey === clusterKey && harm.from <= until);
}
