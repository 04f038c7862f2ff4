// The shapes of the ledger: a chain of entries for each cluster, and the heads that say where each pool stands.
// All times are ISO 8601 in UTC: entries are hashed, so they hold plain JSON only.

/** Who changed the image; only what the evidence shows, else `unknown`. */
export type Cause =
  | 'keeper'
  | 'aksAutoUpgrade'
  | 'kubernetesUpgrade'
  | 'rollback'
  | 'reconfiguration'
  | 'securityPatch'
  | 'manual'
  | 'unknown';

/** How a roll or an attempt ended. `notStarted`: the request never reached ARM. */
export type Outcome = 'succeeded' | 'partial' | 'failed' | 'canceled' | 'notStarted' | 'unknown';

/** `pool`: the pool's own field, once its state was terminal. Nodes and instances are stronger. */
export type Proof = 'pool' | 'instances' | 'nodes' | 'none';

/** A pool's nodes, counted; what was not counted is absent. */
export type NodeCounts = {
  readonly total?: number;
  /** Those on the image that the roll was to bring: what the pool rolled to, or of a failed attempt what it was at. */
  readonly upToDate?: number;
  readonly ready?: number;
  readonly cordoned?: number;
  /** Those that AKS could not drain and put aside. */
  readonly quarantined?: number;
  /** ISO date of the security patch that every one of them has, where they have one. */
  readonly securityPatch?: string;
};

/** Who did it, as the source names them. */
export type Actor = {
  readonly kind: 'person' | 'application' | 'aks';
  readonly name: string;
  readonly correlationId?: string;
};

/** Where news came from, and the id that it has there: the same news twice is one amendment. */
type Source = { readonly name: string; readonly id: string };

/** The window that a change is judged on: the configuration in ARM's shape, and the occurrence, when there was one. */
export type JudgedWindow = {
  /** `maintenanceWindow` of aksManagedNodeOSUpgradeSchedule, in ARM's JSON. */
  readonly maintenanceWindow: unknown;
  /** When the configuration was read. */
  readonly readAt: string;
  readonly opensAt?: string;
  readonly closesAt?: string;
};

/** When a roll can have started: after the first (null: before the record begins), not after the second. */
export type StartInterval = readonly [string | null, string];

type EntryBase = {
  /** The cluster's ARM id. */
  readonly cluster: string;
  /** When the read that showed it was sent. */
  readonly observedAt: string;
};

/** How a pool's nodes were rolled, and by whom: shared by `transition` and `rolled`. */
type Roll = EntryBase & {
  readonly nodePool: string;
  readonly from: string;
  readonly to: string;
  /** Known from a request or an event only; else absent, and the start lies in `startedBetween`. */
  readonly startedAt?: string;
  readonly startedBetween: StartInterval;
  readonly completedAt: string;
  readonly cause: Cause;
  readonly inWindow: boolean | 'unknown';
  readonly window?: JudgedWindow;
  readonly outcome: Outcome;
  readonly proof: Proof;
  /** What its nodes were seen to run when it had ended. */
  readonly nodes?: NodeCounts;
  /** The id of the keeper's attempt. */
  readonly attempt?: string;
  /** The attempt's pool runs another image than the one that was latest right before its request. */
  readonly drifted?: true;
  readonly error?: { readonly code: string; readonly message: string };
};

/** What was learnt about a transition or a roll after it was recorded; what is absent stays as it was. */
export type Amendment = EntryBase & {
  readonly kind: 'amendment';
  readonly nodePool: string;
  /** The sequence of the entry that it amends, in the same cluster. */
  readonly amends: number;
  readonly source: Source;
  readonly cause?: Cause;
  readonly inWindow?: boolean | 'unknown';
  readonly outcome?: Outcome;
  readonly proof?: Proof;
  readonly nodes?: NodeCounts;
  readonly actor?: Actor;
  /** Why, in the source's words. */
  readonly reason?: string;
  /** What the source said, as JSON text, where its shape was not understood. */
  readonly raw?: string;
};

/** What a ledger entry says, before it is chained. */
export type EntryBody =
  | (EntryBase & {
      readonly kind: 'firstSeen';
      readonly nodePool: string;
      readonly nodeImageVersion: string;
      readonly resourceUid?: string;
    })
  /** `transition`: the image changed. `rolled`: a roll or an attempt that ended with the same image. */
  | (Roll & { readonly kind: 'transition' | 'rolled' })
  | Amendment
  /** The cluster stood in no list between these two moments, ISO: changes were seen only where events told of them. */
  | (EntryBase & {
      readonly kind: 'gap';
      readonly nodePool?: undefined;
      readonly unseenFrom: string;
      readonly unseenTo: string;
      readonly reason: string;
    })
  /** Without a pool: the whole cluster. */
  | (EntryBase & { readonly kind: 'gone'; readonly nodePool?: string; readonly reason: string });

/** An entry as it stands in the ledger: numbered from 1 in its cluster, and chained by SHA-256 over RFC 8785 JSON. */
export type Entry = EntryBody & {
  readonly sequence: number;
  readonly recordedAt: string;
  readonly previousHash: string;
  readonly hash: string;
};

/** The head of a cluster's chain. Every change of the cluster's partition moves it, so its ETag guards them all. */
export type ChainHead = {
  readonly cluster: string;
  readonly resourceUid?: string;
  readonly sequence: number;
  readonly hash: string;
  /** When the newest read that went into the ledger was sent. */
  readonly observedAt: string;
  readonly gone?: boolean;
  /** Up to when gaps in observation are in the ledger: there was none before it, if nothing else is there. */
  readonly gapsTo?: string;
  /** The last list that it stood in, where the newest leaves it out. */
  readonly unlistedSince?: string;
};

/** A time in which a pool stood running and healthy on an image, as far as observations show. */
export type Run = {
  readonly nodeImageVersion: string;
  readonly since: string;
  /** When it was first seen otherwise; absent: it runs. */
  readonly until?: string;
};

/** Where a pool stands by the ledger. */
export type PoolHead = {
  readonly nodePool: string;
  readonly nodeImageVersion: string;
  readonly kubernetesVersion?: string;
  /** The pool was busy when last seen. */
  readonly rolling?: {
    /** An upgrade was seen or announced: scaling and label changes make a pool busy too. */
    readonly isUpgrade: boolean;
    /** From the event that announced it. */
    readonly startedAt?: string;
    readonly startedBetween: StartInterval;
    /** The pool's eTag when it was first seen busy; ARM may give none. */
    readonly eTag?: string;
    /** The pool was written since: what was seen first may have ended, and another roll begun. */
    readonly mayBeAnother?: true;
  };
  /** The newest entry about this pool, and when it was appended. */
  readonly sequence: number;
  readonly recordedAt: string;
  /** The image that a step back left, see stepBack.ts: only a newer release is started again, in whatever family. */
  readonly rolledBackFrom?: string;
  /** The keeper's last attempt that has ended, for the rule of one start an occurrence. */
  readonly lastAttempt?: {
    readonly id: string;
    readonly opensAt: string;
    readonly closesAt: string;
    readonly outcome: Outcome;
    /** What it upgraded to. */
    readonly to: string;
    /** The attempts at `to` in a row that failed or ended unknown, this one included. */
    readonly failures: number;
  };
  /** What the pool ran without fault, newest first: the soak of rings is judged on it. */
  readonly runs?: readonly Run[];
  /** Its nodes are still to be proven on the image, or behind it: until a later look. */
  readonly openProof?: {
    /** When the roll was seen ended, and when its nodes were last asked for. */
    readonly since: string;
    readonly triedAt: string;
    /** The id of the attempt that it was, if it was one. */
    readonly attempt?: string;
  };
  /** Nodes were on another image than the pool when they were last counted. */
  readonly nodesBehind?: { readonly proof: Proof; readonly nodes: NodeCounts; readonly countedAt: string };
  /** Minutes that a batch took in the keeper's last successful attempts, newest last. */
  readonly batchMinutes?: readonly number[];
};

/** All heads of a cluster. Without `chain` the ledger has never seen it. */
export type Heads = {
  readonly chain?: ChainHead;
  readonly pools: readonly PoolHead[];
};

/** A transition or a roll as it was recorded. */
export type RollEntry = Extract<Entry, { kind: 'transition' | 'rolled' }>;

/** A transition or a roll with what was learnt about it later. Its hash is that of the entry as it was recorded. */
export type FoldedRoll = RollEntry &
  Pick<Amendment, 'nodes' | 'actor' | 'reason'> & {
    /** The sequences of the amendments that it holds, oldest first. */
    readonly amendedBy?: readonly number[];
  };

/** A row of the history, as the API answers it (DESIGN section 7). */
export type HistoryRow = (FoldedRoll | Extract<Entry, { kind: 'firstSeen' | 'gap' | 'gone' }>) & {
  readonly id: string;
};
