// The requests of ARM, counted by the bucket that AKS or ARM takes them from. What a bucket is, is written down here anew and
// not taken from the keeper, which is what is measured. Used by runFleet.

type Size = { readonly burst: number; readonly perSecond: number };

/** docs/aks-facts.md, section 5. */
const sizes = {
  'all else': { burst: 60, perSecond: 1 },
  'operation status': { burst: 200, perSecond: 2 },
  'cluster lists': { burst: 500, perSecond: 1 },
  'GET of a cluster': { burst: 60, perSecond: 1 },
  'ARM reads': { burst: 250, perSecond: 25 },
  'ARM writes': { burst: 200, perSecond: 10 },
} as const satisfies Record<string, Size>;

type BucketName = keyof typeof sizes;

type BucketUse = {
  readonly bucket: BucketName;
  readonly requests: number;
  /** Of what the busiest one of its kind grants in that time. */
  readonly share: number;
};

export type ArmMeter = {
  readonly note: (method: string, url: string, status: number) => void;
  readonly throttled: () => number;
  readonly uses: (seconds: number) => readonly BucketUse[];
};

/** @param regionOf the region of a cluster, by its id in lower case */
export function createArmMeter(regionOf: (clusterId: string) => string): ArmMeter {
  const scopes = new Map<BucketName, Map<string, number>>();
  let throttled = 0;
  const count = (bucket: BucketName, scope: string) => {
    const counts = scopes.get(bucket) ?? new Map<string, number>();
    scopes.set(bucket, counts.set(scope, (counts.get(scope) ?? 0) + 1));
  };
  return {
    note: (method, url, status) => {
      if (status === 429) throttled += 1;
      const path = new URL(url).pathname.toLowerCase();
      const subscription = /^\/subscriptions\/([^/]+)/.exec(path)?.[1] ?? '';
      const cluster = /^.*\/managedclusters\/[^/]+/.exec(path)?.[0];
      const region = cluster ? regionOf(cluster) : '';
      count(method === 'GET' ? 'ARM reads' : 'ARM writes', subscription);
      if (!path.includes('/microsoft.containerservice/')) return;
      if (path.includes('/operations/')) count('operation status', subscription);
      else if (path.endsWith('/managedclusters')) count('cluster lists', subscription);
      else if (path === cluster && method === 'GET') count('GET of a cluster', cluster);
      else count('all else', `${subscription} ${region}`);
    },
    throttled: () => throttled,
    uses: (seconds) =>
      [...scopes].map(([bucket, counts]) => {
        const { burst, perSecond } = sizes[bucket];
        const requests = [...counts.values()];
        const granted = burst + perSecond * seconds;
        return {
          bucket,
          requests: requests.reduce((sum, one) => sum + one, 0),
          share: Math.max(...requests) / granted,
        };
      }),
  };
}
