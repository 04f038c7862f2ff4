// What is stored and sent by the end of a run, in the judges' own words: only what they read of it. Not the product's types, so
// that a field that the product renames is seen.

type Written = {
  readonly sequence: number;
  readonly recordedAt: string;
  readonly previousHash: string;
  readonly hash: string;
  readonly cluster: string;
  readonly observedAt: string;
};

export type FirstSeen = Written & {
  readonly kind: 'firstSeen';
  readonly nodePool: string;
  readonly nodeImageVersion: string;
  readonly resourceUid?: string;
};

type Actor = { readonly kind: string; readonly name: string; readonly correlationId?: string };

type Nodes = { readonly total?: number; readonly upToDate?: number; readonly ready?: number };

type Window = { readonly name?: string; readonly maintenanceWindow: unknown; readonly readAt: string };

/** What a start was judged on, in its intent and in the entry of its end. */
export type Basis = {
  readonly ring?: string;
  readonly policyVersion?: number;
  readonly approval?: { readonly id: string; readonly approvedBy: string };
};

export type Rolled = Basis &
  Written & {
    readonly kind: 'transition' | 'rolled';
    readonly nodePool: string;
    readonly from: string;
    readonly to: string;
    readonly target?: string;
    readonly startedAt?: string;
    readonly startedBetween: readonly [string | null, string];
    readonly cause: string;
    readonly inWindow: boolean | 'unknown';
    readonly window?: Window;
    readonly outcome: string;
    readonly direction?: string;
    readonly proof: string;
    readonly proofProblem?: string;
    readonly nodes?: Nodes;
    readonly attempt?: string;
    readonly drifted?: true;
    /** Of a roll with its amendments. */
    readonly actor?: Actor;
    readonly evidence?: string;
  };

export type Amendment = Written & {
  readonly kind: 'amendment';
  readonly nodePool: string;
  readonly amends: number;
  readonly cause?: string;
  readonly inWindow?: boolean | 'unknown';
  readonly window?: Window;
  readonly outcome?: string;
  readonly proof?: string;
  readonly nodes?: Nodes;
  readonly actor?: Actor;
  readonly evidence?: string;
  readonly reason?: string;
};

type Gap = Written & {
  readonly kind: 'gap';
  readonly nodePool?: undefined;
  readonly unseenFrom: string;
  readonly unseenTo: string;
  readonly reason?: string;
};

/** Without a pool: the whole cluster. */
export type Gone = Written & { readonly kind: 'gone'; readonly nodePool?: string };

export type Entry = FirstSeen | Rolled | Amendment | Gap | Gone;

/** A cluster's, oldest entry first, with the head of its chain. */
export type Ledger = {
  readonly entries: readonly Entry[];
  readonly chain: { readonly sequence: number; readonly hash: string; readonly gone?: boolean } | undefined;
  readonly pools: readonly {
    readonly nodePool: string;
    readonly nodeImageVersion: string;
    readonly nodesBehind?: unknown;
  }[];
  /** The history rows in the cluster's view, and in its subscription's months. */
  readonly clusterView: readonly unknown[];
  readonly monthView: readonly unknown[];
};

export type PoolRow = {
  readonly cluster: { readonly id: string };
  readonly nodePool: { readonly name: string };
  readonly decision: {
    readonly verdict: string;
    readonly reason: string;
    readonly sentence: string;
    readonly also: readonly { readonly reason: string }[];
  };
};

/** A notification that the topic took, and when. */
export type Taken = { readonly at: number; readonly notification: Notification };

type Notification = {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  /** Fields of some types, not of all. */
  readonly data: {
    readonly cluster?: string;
    readonly nodePool?: string;
    readonly hash?: string;
    readonly attempt?: string;
    readonly window?: { readonly opensAt: string; readonly closesAt: string };
    readonly lead?: string;
    readonly from?: string;
    readonly to?: string;
    readonly target?: string;
    readonly current?: string;
    readonly latest?: string;
    readonly status?: string;
    readonly staleDays?: number;
    readonly ageDays?: number;
    readonly behindSince?: string;
  };
};
