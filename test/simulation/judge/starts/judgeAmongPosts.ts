// Judges a request that reached ARM against those before it: none too often, too soon, or beside another. Called by
// judgePosts.ts.
import { refusedPool } from '../../draw/drawPools.ts';
import type { Post, RunRecord, Violation } from '../../record/record.ts';
import { openAt, readWindow } from '../own/calendar.ts';

export function judgeAmongPosts(record: RunRecord, post: Post): readonly Violation[] {
  return [
    ...judgeAgainstOthers(record, post),
    ...judgeRefused(record, post),
    ...judgeVerdict(record, post),
    ...judgeClosed(record, post),
  ];
}

export const nameOf = ({ id, at, clusterKey, nodePool }: Post): string =>
  `POST ${id} at ${new Date(at).toISOString()} on ${clusterKey.split('|')[2]}/${nodePool}`;

/** What an earlier starter was told holds for as long as it said. */
function judgeVerdict({ claims }: RunRecord, post: Post): readonly Violation[] {
  const last = claims.findLast(
    ({ kind, at, clusterKey, value }) =>
      kind === 'verdict' &&
      at < post.invocation.startedAt &&
      clusterKey === post.clusterKey &&
      (value as { readonly nodePool: string }).nodePool.toLowerCase() === post.nodePool,
  );
  const { retryAt = '' } = (last?.value ?? {}) as { readonly retryAt?: string };
  return Date.parse(retryAt) > post.at + post.skew + 1000
    ? [{ check: 'retry after', what: `${nameOf(post)}: it was not to be tried before ${retryAt}` }]
    : [];
}

/** A 429 on any of its pools is told to the whole subscription: who last looked at ARM after it was noted knows it. */
function judgeClosed({ claims }: RunRecord, post: Post): readonly Violation[] {
  const lookedAt = post.invocation.reads.at(-1)?.at ?? 0;
  const last = claims.findLast(
    ({ kind, at, clusterKey }) =>
      kind === 'budget' && at < lookedAt && post.clusterKey.startsWith(`${clusterKey.toLowerCase()}|`),
  );
  const { closedUntil = '' } = (last?.value ?? {}) as { readonly closedUntil?: string };
  return Date.parse(closedUntil) > post.at + post.skew + 1000
    ? [{ check: 'retry after', what: `${nameOf(post)}: ARM was to be left alone until ${closedUntil}` }]
    : [];
}

/** A pool that is refused for ever is left alone but for once a week. */
function judgeRefused(record: RunRecord, post: Post): readonly Violation[] {
  const before = record.posts.filter(
    ({ id, clusterKey, nodePool }) => id < post.id && clusterKey === post.clusterKey && nodePool === post.nodePool,
  );
  const recent = before.filter(({ at, told }) => told === '409' && at > post.at - 6 * 86_400_000);
  return post.nodePool === refusedPool && recent.length > 100
    ? [{ check: 'refused for ever', what: `${nameOf(post)}: refused ${recent.length} times in six days` }]
    : [];
}

/** None twice for one intent, none twice in an occurrence, none while another of the keeper's is in flight. */
function judgeAgainstOthers(record: RunRecord, post: Post): readonly Violation[] {
  const problems: Violation[] = [];
  for (const other of record.posts) {
    if (other.id >= post.id || other.clusterKey !== post.clusterKey) continue;
    const both = `${nameOf(post)} after ${nameOf(other)}`;
    if (post.attempt !== undefined && post.attempt === other.attempt) {
      problems.push({ check: 'one request an intent', what: `${both}: both for attempt ${post.attempt}` });
    }
    const roll = record.truth.rolls.find((one) => one.post === other.id);
    if (post.status !== 409 && roll && (roll.endedAt ?? Number.POSITIVE_INFINITY) > post.at) {
      problems.push({ check: 'one at a time', what: `${both}, whose roll was not over` });
    }
    if (other.nodePool !== post.nodePool) continue;
    const waits = (other.retryAfterSeconds ?? 0) * 1000;
    const isNoted = record.claims.some(
      ({ kind, at, clusterKey }) =>
        kind === 'verdict' && clusterKey === other.clusterKey && at >= other.at && at < other.at + 60_000,
    );
    if (isNoted && waits > 0 && post.at - other.at < waits - Math.abs(post.skew - other.skew) - 1000) {
      problems.push({ check: 'retry after', what: `${both}, which was to be tried after ${waits / 1000} s` });
    }
    const isSamePool = poolThen(record, other) === poolThen(record, post);
    if (other.status !== 202 || !isSamePool) continue;
    const [a, b] = [other, post].map(
      ({ clusterKey, at }) => openAt(windowThen(record, clusterKey, at), at)?.occurrence,
    );
    if (a && b && a.from < b.to && b.from < a.to) {
      problems.push({ check: 'once an occurrence', what: `${both}, in the same occurrence` });
    }
  }
  return problems;
}

/** A pool made again under its name is another. */
function poolThen({ truth }: RunRecord, { clusterKey, nodePool, at }: Post) {
  return truth.pools.findLast(
    (pool) => pool.clusterKey === clusterKey && pool.name.toLowerCase() === nodePool && pool.from <= at,
  );
}

function windowThen({ truth }: RunRecord, clusterKey: string, at: number) {
  return readWindow(truth.clusters.get(clusterKey)?.findLast((moment) => moment.at <= at)?.window, true);
}
