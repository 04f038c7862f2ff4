// What the planner knows of one cluster, and how it says that something could not be read. Gathered by the use cases.
import type { Temporal } from 'temporal-polyfill';
import type { Attempt } from './attempt.ts';
import type { Cluster } from './cluster.ts';
import type { WindowReading } from './judgeStart.ts';
import type { PoolHead } from './ledger.ts';
import type { StarterVerdict } from './starterVerdict.ts';

/** A value that was read, or why it could not be. JSON drops `value` when it is undefined: ask for `problem`. */
export type Read<T> = { readonly value?: T } | { readonly problem: string };

/** What the planner knows of one cluster. */
export type ClusterFacts = {
  readonly cluster: Cluster;
  /** Why the cluster itself could not be read; then `cluster` is the last that was. */
  readonly problem?: string | undefined;
  readonly window: Read<WindowReading>;
  /** Latest node image of each pool by its lower-case name. */
  readonly latest: Readonly<Record<string, Read<string | undefined>>>;
  readonly heads: readonly PoolHead[];
  readonly attempt?: Attempt | undefined;
  readonly verdicts: readonly StarterVerdict[];
  /** When the subscription's request budget has room for a start again; absent: now. */
  readonly budgetFreeAt?: Temporal.Instant | undefined;
  /** On fresh reads only: the Date of ARM's answer, or undefined when it gave none. */
  readonly armDate?: { readonly value: Temporal.Instant | undefined };
};
