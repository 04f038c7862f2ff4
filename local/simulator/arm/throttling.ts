// The request limits of ARM and of AKS, as token buckets on the simulator's clock. Sizes: AKS-FACTS section 5.
import type { Temporal } from 'temporal-polyfill';
import { type Answer, throttled } from './armAnswer.ts';

const limits = {
  armReads: { burst: 250, perSecond: 25, what: 'reads' },
  armWrites: { burst: 200, perSecond: 10, what: 'writes' },
  listClusters: { burst: 500, perSecond: 1, what: 'listing managed clusters' },
  listGroup: { burst: 60, perSecond: 1, what: 'listing the managed clusters of a resource group' },
  getCluster: { burst: 60, perSecond: 1, what: 'reading this managed cluster' },
  getOperation: { burst: 200, perSecond: 2, what: 'operation status' },
  other: { burst: 60, perSecond: 1, what: 'all other requests to AKS' },
};

export type AksLimit = Exclude<keyof typeof limits, 'armReads' | 'armWrites'>;

export type Throttle = ReturnType<typeof createThrottle>;

/** Takes a token of a limit. `remaining` is for ARM's rate limit header. */
export function createThrottle() {
  const buckets = new Map<string, { tokens: number; at: Temporal.Instant }>();
  return (
    limit: keyof typeof limits,
    scope: string,
    now: Temporal.Instant,
  ): { readonly remaining: number; readonly refusal?: Answer } => {
    const { burst, perSecond, what } = limits[limit];
    const key = `${limit}|${scope}`.toLowerCase();
    const bucket = buckets.get(key) ?? { tokens: burst, at: now };
    const seconds = Math.max(0, now.epochMilliseconds - bucket.at.epochMilliseconds) / 1000;
    const tokens = Math.min(burst, bucket.tokens + seconds * perSecond);
    const isTaken = tokens >= 1;
    buckets.set(key, { tokens: isTaken ? tokens - 1 : tokens, at: now });
    if (isTaken) return { remaining: Math.floor(tokens - 1) };
    const code = limit.startsWith('arm') ? 'SubscriptionRequestsThrottled' : 'Throttled';
    return { remaining: 0, refusal: throttled(code, what, Math.ceil((1 - tokens) / perSecond)) };
  };
}
