// Tells the topic of pools that went out of policy, judged as the weekly report judges them. Called by announcePass.
import type { Temporal } from 'temporal-polyfill';
import { clusterKey } from '../../domain/cluster/cluster.ts';
import { poolStale } from '../../domain/notification/conditions.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { isNewer, poolStanding } from '../../domain/report/poolStatus.ts';
import type { ReportPool } from '../../domain/report/reportFacts.ts';
import { type Mark, poolRow, writeMarks } from '../../stores/notificationsStore.ts';
import { readDecisions, toViews } from '../../stores/views/decisionsStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import type { SubscriptionFacts } from './passFacts.ts';
import { type Announcement, announce } from './publish.ts';

/** Pools whose decisions one pass reads to learn since when they are behind: they have days. */
const mostReads = 50;
const width = 8;

const rowOf = (what: 'behind' | 'stale', { cluster, nodePool }: ReportPool) => poolRow(what, cluster.id, nodePool.name);

export async function announceStale(
  dependencies: Pick<Dependencies, 'tables' | 'topic' | 'log'>,
  { subscription, decided, announcements: { marks }, policy: { policy }, now }: SubscriptionFacts,
): Promise<boolean> {
  const { tables } = dependencies;
  // What could not be read of a cluster is told as no news of it.
  const readable = decided.filter(({ facts }) => facts.cluster.unread === undefined);
  const pools = readable.flatMap(({ facts, decisions }) =>
    toViews(facts.cluster, decisions).map((view): ReportPool => ({ ...view, window: facts.window, decisions: [] })),
  );
  const seen = await learnSince(
    dependencies,
    pools.filter((pool) => isBehind(pool) && !isKnown(marks.get(rowOf('behind', pool)), pool, now)).slice(0, mostReads),
    (pool) => poolStanding(pool, policy, now).behindSince ?? pool.decision.decidedAt,
    now,
  );
  const caughtUp = pools
    .filter((pool) => isUpToDate(pool) && marks.get(rowOf('behind', pool))?.id)
    .map((pool): readonly [string, Mark] => [rowOf('behind', pool), { id: '', at: now.toString() }]);
  await writeMarks(tables, subscription, new Map([...seen, ...caughtUp]));
  const told = pools.flatMap((pool): readonly Announcement[] => {
    const row = rowOf('behind', pool);
    const mark = seen.get(row) ?? marks.get(row);
    const since = isBehind(pool) && mark?.id === idOfBehind(pool) ? mark.at : undefined;
    const decisions: readonly Decision[] = since === undefined ? [] : [{ ...pool.decision, decidedAt: since }];
    const notification = poolStale({ ...pool, decisions }, policy, now);
    const rowKey = rowOf('stale', pool);
    if (!notification || marks.get(rowKey)?.id === notification.id) return [];
    return [{ notification, rowKey, mark: { id: notification.id, at: now.toString() } }];
  });
  return announce(dependencies, policy, subscription, { announcements: told });
}

/** Since when the pools are behind, by their rows: what the report would say, kept so that no pass reads it again. */
async function learnSince(
  dependencies: Pick<Dependencies, 'tables' | 'log'>,
  pools: readonly ReportPool[],
  sinceOf: (pool: ReportPool) => string,
  now: Temporal.Instant,
): Promise<ReadonlyMap<string, Mark>> {
  const seen = await inParallel(pools, width, (pool) =>
    contained(dependencies, `Since when ${pool.cluster.id} is behind could not be learnt`, async () => {
      const decisions: Decision[] = [];
      for await (const { decision } of readDecisions(
        dependencies.tables,
        clusterKey(pool.cluster.id),
        pool.nodePool.name,
      )) {
        decisions.push(decision);
      }
      const since = sinceOf({ ...pool, decisions });
      const at = isAhead(since, now) ? now.toString() : since;
      return [rowOf('behind', pool), { id: idOfBehind(pool), at }] as const;
    }),
  );
  return new Map(seen.filter((one) => one !== undefined));
}

function isKnown(mark: Mark | undefined, pool: ReportPool, now: Temporal.Instant): boolean {
  return mark?.id === idOfBehind(pool) && !isAhead(mark.at, now);
}

/** Noted by a clock that ran ahead. */
function isAhead(at: string, now: Temporal.Instant): boolean {
  return Date.parse(at) > now.epochMilliseconds;
}

function isBehind({ decision, nodePool }: ReportPool): boolean {
  return isNewer(decision.latest, nodePool.nodeImageVersion) === true;
}

function isUpToDate({ decision, nodePool }: ReportPool): boolean {
  return isNewer(decision.latest, nodePool.nodeImageVersion) === false;
}

function idOfBehind({ nodePool }: ReportPool): string {
  return nodePool.nodeImageVersion ?? '';
}
