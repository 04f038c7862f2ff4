// One read of ARM, what came with it, and what it adds to the ledger. Shared by the files of this folder.
import type { Temporal } from 'temporal-polyfill';
import type { Attempt, OperationStatus } from '../attempt/attempt.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { PoolHead } from '../ledger/heads.ts';
import type { WindowReading } from '../ledger/judgeStart.ts';
import type { EntryBody } from '../ledger/ledger.ts';
import type { CountResult } from '../nodes/countNodes.ts';

export type Observation = {
  readonly clusterId: string;
  readonly cluster: Cluster | undefined;
  /** When the read was sent: what it shows is at least this new. */
  readonly observedAt: Temporal.Instant;
  /** When the answer came: what it shows had happened by then, though not always when the read was sent. */
  readonly answeredAt?: Temporal.Instant | undefined;
  readonly isTimedByArm?: boolean | undefined;
  /** What events said since the last look, in no order. */
  readonly hints?: readonly Hint[] | undefined;
  readonly attempt?: Attempt | undefined;
  readonly operation?: OperationStatus | undefined;
  readonly proofs?: readonly PoolProof[] | undefined;
  /** The newest reading of the cluster's window, to judge changes that the keeper did not start. */
  readonly window?: WindowReading | undefined;
  /** Images that ARM said the pools ran before, by the pool's lower-case name. */
  readonly ranBefore?: Readonly<Record<string, readonly string[]>> | undefined;
};

export type Look = Observation & { readonly cluster: Cluster };

export type PoolHeadDraft = Omit<PoolHead, 'sequence' | 'recordedAt'>;

export type PoolChange = {
  readonly nodePool: string;
  readonly entries: readonly EntryBody[];
  readonly head: PoolHeadDraft | undefined;
};

export type ObserveResult = {
  /** The cluster that had the heads is no more: all its heads go, and then this entry says so. */
  readonly ended?: { readonly pools: readonly PoolChange[]; readonly entry: EntryBody } | undefined;
  readonly pools: readonly PoolChange[];
};

/** What an event said. It dates what a read shows; alone it never makes an entry. */
export type Hint = {
  readonly kind: 'rollStarted' | 'rollSucceeded' | 'rollFailed';
  readonly nodePool: string;
  readonly at: Temporal.Instant;
};

export type PoolProof = CountResult & { readonly nodePool: string; readonly image: string };
