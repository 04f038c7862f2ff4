// Judges whether a roll had room in the window that was open when it was decided. Called by judgePosts.ts.
import type { Post, RunRecord, Wrong } from '../../record/record.ts';
import { batchesOf, type SizedPool } from '../own/batches.ts';
import type { openAt } from '../own/calendar.ts';
import type { PolicyRead } from '../own/judgePolicy.ts';

const minute = 60_000;

type Deciding = {
  readonly open: NonNullable<ReturnType<typeof openAt>>;
  readonly decidedAt: number;
  readonly pool: SizedPool;
  readonly policy: PolicyRead;
};

/** What the attempt was estimated to take, once three rolls of the pool's own went well; before, batches decide. */
function estimateOf(record: RunRecord, { attempt, clusterKey, nodePool, at }: Post): number | undefined {
  const past = (record.ledgers.get(clusterKey)?.entries ?? []).filter(
    (entry) =>
      entry.nodePool?.toLowerCase() === nodePool &&
      'attempt' in entry &&
      entry.outcome === 'succeeded' &&
      Date.parse(entry.recordedAt) <= at + record.largestSkew,
  );
  const claim = record.claims.find((one) => one.attempt === attempt && one.kind !== 'removed');
  return past.length < 3 ? undefined : (claim?.value as { estimateMinutes?: number } | undefined)?.estimateMinutes;
}

/** Ten minutes a batch where the policy says nothing; what fits no occurrence begins in the first half hour of one that no blocked date cuts. */
export function judgeRoom(
  record: RunRecord,
  post: Post,
  { open, decidedAt, pool, policy }: Deciding,
  wrong: Wrong,
): void {
  const { occurrence, part } = open;
  const estimate = estimateOf(record, post);
  const { batches, soak } = batchesOf(pool);
  const takes = (estimate ?? batches * ((policy.estimate?.minutesPerBatch ?? 10) + soak)) * minute;
  const slack = 35_000;
  if (part.to - decidedAt >= takes - slack) return;
  const isLong = occurrence.to - occurrence.from - 15 * minute < takes;
  const isEarly = decidedAt - part.from < 30 * minute + slack;
  if (!isLong || !isEarly || part.to < occurrence.to || policy.overrun === 'block')
    wrong('room', `${takes / minute} minutes do not fit`);
}
