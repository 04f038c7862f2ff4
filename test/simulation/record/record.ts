// What a run leaves behind for the checker and for people: invocations with what they read, requests that start
// something, writes, messages, figures. Written by the world and the ports, read by the judges.
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import type { PolicyDocument } from '../draw/drawPolicy.ts';
import type { Skews } from '../draw/drawSkews.ts';
import type { Flooded, Forged, Harm } from './harms.ts';
import type { PolicyRow } from './policyRows.ts';
import type { Ledger, PoolRow, Taken } from './stored.ts';
import type { Truth } from './truth.ts';

export type FunctionName =
  | 'readFacts'
  | 'onClusterEvent'
  | 'observeCluster'
  | 'planUpgrades'
  | 'startUpgrade'
  | 'followUpgrades'
  | 'projectCluster'
  | 'verifyClusters'
  | 'weeklyCheck'
  | 'healthDetails';

/** An answer of ARM as an invocation got it. */
export type ArmRead = {
  readonly at: number;
  readonly path: string;
  readonly status: number;
  readonly body: string;
  /** Older than the world: a list out of a cache. */
  readonly stale?: true;
  /** Something else was shown, of which nobody can tell what its cluster is. */
  readonly isUnreadable?: true;
};

export type Invocation = {
  readonly id: number;
  readonly name: FunctionName;
  readonly instance: number;
  readonly startedAt: number;
  readonly message?: unknown;
  /** Milliseconds that each of its calls takes at most. */
  readonly pace: number;
  /** False once the instance died under it. */
  alive: boolean;
  endedAt?: number;
  outcome?: 'done' | 'failed' | 'lost';
  error?: string;
  readonly faults: string[];
  readonly reads: ArmRead[];
  /** Rows of the tables Policy and Starts as it last read them. */
  policy?: { readonly value: unknown };
  holds?: readonly RowRead[];
  approvals?: readonly RowRead[];
  starts?: readonly { readonly clusterKey: string }[];
  /** Until when ARM is left alone, as it last read. */
  closedUntil?: string | undefined;
  /** The clusters on which a pass asks for a start. */
  asked?: readonly string[];
};

export type RowRead = { readonly rowKey: string; readonly value: unknown };

/** A request to upgrade a pool that reached ARM. */
export type Post = {
  readonly id: number;
  readonly at: number;
  readonly invocation: Invocation;
  readonly clusterKey: string;
  readonly nodePool: string;
  /** The id in the cluster's row of Starts when the request reached ARM. */
  readonly attempt: string | undefined;
  /** What ARM did: 202 began a roll. */
  readonly status: number;
  /** What the keeper was told, if anything: an HTTP status, or what befell the answer. */
  told?: string;
  retryAfterSeconds?: number;
  readonly skew: number;
};

/** A write that took effect on the rows of attempts in flight, on a starter's verdict, or on a subscription's budget. */
export type Claim = {
  readonly at: number;
  readonly kind: 'inserted' | 'replaced' | 'removed' | 'verdict' | 'budget' | 'unconfirmed';
  /** Of a budget: the subscription alone. */
  readonly clusterKey: string;
  readonly attempt?: string;
  readonly value?: unknown;
  /** The policy that who wrote it had read last. */
  readonly policy?: unknown;
};

/** What was promised and is not so, and the check that found it. */
export type Violation = { readonly check: string; readonly what: string };

/** Says what is wrong: by which check, and what was found. */
export type Wrong = (check: string, what: string) => void;

export type Sent = { readonly at: number; readonly queue: string; readonly by: string; readonly message: unknown };

/** The images that a finished observation was shown, of pools that stood still and had no attempt in flight. */
export type Shown = {
  readonly at: number;
  readonly endedAt: number;
  readonly clusterKey: string;
  readonly uid: string;
  readonly images: ReadonlyMap<string, string>;
  /** The pools that ran, their last operation having succeeded. */
  readonly well: ReadonlySet<string>;
  readonly busy: ReadonlySet<string>;
};

/** What a pass was listed, and when ARM answered the first page. A pass that failed may have noted it all the same. */
export type Listed = {
  readonly at: number;
  readonly instance: number;
  readonly clusters: ReadonlySet<string>;
  readonly isNoted: boolean;
};

export type RunRecord = {
  readonly seed: number;
  readonly startedAt: number;
  /** From here on nothing goes wrong, nobody touches the fleet, and all that was broken is repaired. */
  readonly quietFrom: number;
  readonly endedAt: number;
  readonly largestSkew: number;
  readonly skews: Skews;
  readonly fleet: Fleet;
  readonly truth: Truth;
  readonly invocations: readonly Invocation[];
  readonly posts: readonly Post[];
  readonly claims: readonly Claim[];
  readonly shown: readonly Shown[];
  readonly listed: readonly Listed[];
  readonly gapMinutes: number;
  readonly sent: readonly Sent[];
  readonly poisoned: readonly Sent[];
  readonly waiting: readonly { readonly queue: string; readonly visibleAt: number }[];
  readonly policyRows: readonly PolicyRow[];
  /** The policy of the quiet time. */
  readonly base: PolicyDocument;
  readonly ledgers: ReadonlyMap<string, Ledger>;
  /** The texts of the weekly digests, oldest first. */
  readonly digests: readonly string[];
  /** Row keys of attempts in flight at the end. */
  readonly startsLeft: readonly string[];
  readonly poolViews: readonly PoolRow[];
  /** False: the app had no topic. */
  readonly hasTopic: boolean;
  readonly taken: readonly Taken[];
  readonly faults: ReadonlyMap<string, number>;
  readonly forged: readonly Forged[];
  readonly harms: readonly Harm[];
  readonly floods: readonly Flooded[];
  readonly hasFakePools: boolean;
  /** Code of another checkout did some of it. */
  readonly isBeside: boolean;
  /** The Activity Log could not be read before the quiet time. */
  readonly isLogForbidden: boolean;
  readonly trace: readonly string[];
};
