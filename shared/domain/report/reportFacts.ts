// What a report is built from, as storage has it. Gathered by the use case buildReport.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Cluster, NodePool } from '../cluster/cluster.ts';
import type { EventSource } from '../evidence/changeEvidence.ts';
import type { WindowReading } from '../ledger/judgeStart.ts';
import type { HistoryRow } from '../ledger/ledger.ts';
import type { Decision } from '../plan/decision.ts';
import type { Policy } from '../policy/policy.ts';
import type { Read } from '../text/read.ts';
import type { Stored } from '../text/stored.ts';
import type { IsoWeek } from './isoWeek.ts';

export type ReportPool = {
  readonly cluster: Omit<Cluster, 'nodePools'>;
  readonly nodePool: NodePool;
  readonly decision: Decision;
  readonly window: Read<WindowReading>;
  /** Those that said something new, newest first, as far back as they are kept. */
  readonly decisions: readonly Decision[];
};

export type ReportFacts = {
  readonly week: IsoWeek;
  readonly now: Temporal.Instant;
  readonly policy: Policy;
  readonly pools: readonly ReportPool[];
  readonly rows: readonly HistoryRow[];
  readonly trend: readonly TrendPoint[];
  readonly sources: Readonly<Record<EventSource, string>>;
};

const Counts = z.looseObject({
  pools: z.number(),
  latest: z.number(),
  /** Behind, for no longer than the policy allows. */
  withinPolicy: z.number(),
  stale: z.number(),
  outOfSupport: z.number(),
  unknown: z.number(),
});
export type Counts = Stored<typeof Counts>;

export const TrendPoint = Counts.extend({ week: z.string(), transitions: z.number() });
export type TrendPoint = Stored<typeof TrendPoint>;
