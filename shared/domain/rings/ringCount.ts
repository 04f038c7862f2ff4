// How the rings do, as a pass counted them over the whole fleet: starts read that, and not the fleet (ADR 19).
import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Attempt } from '../attempt/attempt.ts';
import { poolKey } from '../cluster/clusterId.ts';
import { type NodeImageVersion, parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import type { Hold } from '../policy/hold.ts';
import type { Policy, PolicyInForce } from '../policy/policy.ts';
import { valueIn } from '../text/read.ts';
import { Instant, isBefore, openWord, type Stored } from '../text/stored.ts';
import type { ClusterFacts } from './clusterFacts.ts';
import type { RingHealth } from './ringHealth.ts';
import type { RingNews } from './ringNews.ts';
import type { FleetState, RingState } from './ringState.ts';

const Health = z.looseObject({
  kind: openWord<RingHealth['kind']>(),
  until: Instant.optional(),
  /** Some of them by name. */
  pools: z.array(z.string()).optional(),
  more: z.int().min(0).optional(),
});

const CountedRing = z.looseObject({
  name: z.string(),
  inFlight: z.array(z.string()),
  /** Of every image that is offered anywhere, by its name. */
  health: z.record(z.string(), Health),
});

export const RingCount = z.looseObject({
  countedAt: Instant,
  /** A digest of the policy that it was counted by. */
  policy: z.string(),
  /** The holds that were in force: of one that has ended the pools count again. */
  holds: z.array(z.string()),
  rings: z.array(CountedRing),
});
export type RingCount = Stored<typeof RingCount>;

/** A count this old is of passes that came to nothing. */
const maxCountMinutes = 15;
const namedPools = 5;

/** Whether starts ask how other clusters do. */
export const asksForCount = ({ rings = [], failureLimit }: Policy) => rings.length > 0 || failureLimit !== undefined;

export function countRings(
  { rings }: Pick<FleetState, 'rings'>,
  policy: PolicyInForce,
  fleet: readonly ClusterFacts[],
  now: Temporal.Instant,
): RingCount {
  const offered = new Set(fleet.flatMap(({ latest }) => Object.values(latest).flatMap((read) => valueIn(read) ?? [])));
  const releases = [...offered].flatMap((image) => parseNodeImageVersion(image) ?? []);
  return {
    countedAt: now,
    policy: digestOf(policy),
    holds: holdsIn(policy, now),
    rings: rings.map(({ ring, inFlight, healthOf }) => ({
      name: ring.name,
      inFlight: [...inFlight],
      health: Object.fromEntries(releases.map((release) => [release.raw, toStored(healthOf(release))])),
    })),
  };
}

/** The rings as counted, for one start. @param attempts in flight now; of those that can't be read the keys of their clusters */
export function ringsAsCounted(
  count: RingCount | undefined,
  policy: PolicyInForce,
  attempts: readonly (Attempt | string)[],
): RingState[] {
  return (policy.policy.rings ?? []).map((ring) => {
    const counted = count?.rings.find(({ name }) => name === ring.name);
    const known = new Set(counted?.inFlight);
    const inFlight = attempts.flatMap((attempt) => {
      if (typeof attempt === 'string') return [attempt];
      const key = poolKey(attempt.cluster, attempt.nodePool);
      return isInRing(attempt, ring.name) || known.has(key) ? [key] : [];
    });
    const healthOf = (release: NodeImageVersion): RingHealth => {
      const health = counted?.health[release.raw];
      return health ? fromStored(health) : { kind: 'uncounted' };
    };
    return { ring, pools: [], inFlight, healthOf };
  });
}

/** Whether an attempt counts in the ring's limit. Rows of earlier versions don't tell their ring, and count in every one. */
export function isInRing(attempt: Attempt, ring: string): boolean {
  return attempt.ring === undefined || attempt.ring.toLowerCase() === ring.toLowerCase();
}

/**
 * Why no start of that ring may go by the count, as a sentence; undefined: it may. The first ring asks nobody, but for a limit of
 * failures. @param ring its name; undefined where the policy has none
 */
export function whyNotCounted(
  { count, news }: { readonly count: RingCount | undefined; readonly news: readonly { readonly news: RingNews }[] },
  policy: PolicyInForce,
  ring: string | undefined,
  now: Temporal.Instant,
): string | undefined {
  const { rings = [], failureLimit } = policy.policy;
  const index = rings.findIndex(({ name }) => name === ring);
  if (!failureLimit && (rings.length === 0 || index === 0)) return undefined;
  if (!count) return 'How the rings do has not been counted yet';
  if (count.policy !== digestOf(policy)) return 'The policy was changed since the rings were counted';
  const minutes = Math.abs(count.countedAt.until(now).total('minutes'));
  if (minutes > maxCountMinutes) return `How the rings do was last counted at ${count.countedAt.toString()}`;
  const standing = new Set(holdsIn(policy, now));
  const ended = count.holds.find((id) => !standing.has(id));
  if (ended !== undefined) return `Hold ${ended} ended since the rings were counted`;
  const before = new Set(rings.slice(0, Math.max(index, 0)).map(({ name }) => name));
  const concerns = ({ rings: own }: RingNews) =>
    failureLimit !== undefined || !own || own.some((one) => before.has(one));
  const adverse = news.map((row) => row.news).find(concerns);
  return adverse && `There is news of ${adverse.cluster}, of ${adverse.at.toString()}, that was not counted yet`;
}

function toStored(health: RingHealth): Stored<typeof Health> {
  if (!('pools' in health)) return health;
  const { pools, ...rest } = health;
  const more = Math.max(pools.length - namedPools, 0) + (health.more ?? 0);
  return { ...rest, pools: pools.slice(0, namedPools), ...(more > 0 && { more }) };
}

function fromStored({ kind, until, pools = [], more }: Stored<typeof Health>): RingHealth {
  // A word that a later version wrote is none that this one may go by.
  const uncounted = { kind: 'uncounted' } as const;
  if (kind === 'soaked' || kind === 'passedOver' || kind === 'lacksFamily') return { kind };
  if (kind === 'behind' || kind === 'unread' || kind === 'unhealthy') return { kind, pools, more };
  return kind === 'soaking' && until ? { kind, until, pools, more } : uncounted;
}

function holdsIn({ holds = [] }: PolicyInForce, now: Temporal.Instant): string[] {
  const stands = ({ until }: Hold) => until === undefined || isBefore(now, Temporal.Instant.from(until));
  return holds.filter(stands).map(({ id }) => id);
}

function digestOf({ policy }: PolicyInForce): string {
  return createHash('sha256').update(JSON.stringify(policy)).digest('hex');
}
