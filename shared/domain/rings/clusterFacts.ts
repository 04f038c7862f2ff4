// What the planner knows of one cluster, and how it says that something could not be read. Gathered by the use cases.
import type { Temporal } from 'temporal-polyfill';
import type { Attempt } from '../attempt/attempt.ts';
import type { StarterVerdict } from '../attempt/starterVerdict.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { PoolHead } from '../ledger/heads.ts';
import type { WindowReading } from '../ledger/judgeStart.ts';
import type { Read } from '../text/read.ts';

export type ClusterFacts = {
  readonly cluster: Cluster;
  /** Why the cluster itself could not be read; then `cluster` is the last that was. */
  readonly problem?: string | undefined;
  readonly window: Read<WindowReading>;
  /** Latest node image of each pool by its lower-case name. */
  readonly latest: Readonly<Record<string, Read<string | undefined>>>;
  readonly heads: readonly PoolHead[];
  readonly attempt?: Attempt | undefined;
  /** Its row in Starts can't be read: it is claimed, nobody knows what for, and counts in the limit of every ring. */
  readonly attemptProblem?: string | undefined;
  /** Then `heads` is empty, and nobody knows how its pools do. */
  readonly headsProblem?: string | undefined;
  readonly verdicts: readonly StarterVerdict[];
  /** What starters found out about it can't be read. */
  readonly verdictProblem?: string | undefined;
  /** When the subscription's request budget has room for a start again; absent: now. */
  readonly budgetFreeAt?: Temporal.Instant | undefined;
  /** The row of that budget can't be read, so that nothing is granted. */
  readonly budgetProblem?: string | undefined;
  /** On fresh reads only: the Date of ARM's answer, or undefined when it gave none. */
  readonly armDate?: {
    readonly value: Temporal.Instant | undefined /** By our own clock, where that is not the plan's. */;
    readonly ownAt?: Temporal.Instant;
  };
};
