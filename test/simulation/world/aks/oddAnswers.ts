// Answers of ARM about a cluster that no keeper expects: what is null, can't be named, is endless or has no place in a line. Used
// by transport.ts, beneath which the simulated world stays as it is.
import type { ArmResponse } from '../../../../local/simulator/arm/armAnswer.ts';
import type { Fleet } from '../../../../local/simulator/world/armFleet.ts';
import type { Oddity, Oddness } from '../../draw/drawHarm.ts';
import { keyOf } from '../../record/keyOf.ts';

type Fields = Record<string, unknown>;

/** `isUnreadable`: nobody can tell from it what the cluster is. */
type OddAnswer = { readonly response: ArmResponse; readonly isUnreadable: boolean };

const fakePools = 150;

export function createOddAnswers(oddnesses: readonly Oddness[], { clusters }: Fleet, now: () => number) {
  const ofKey = (key: string) =>
    oddnesses.filter(
      ({ cluster, from, to }) =>
        from <= now() && now() < to && keyOf(clusters[cluster % clusters.length]?.id ?? '') === key,
    );
  return (pathname: string, response: ArmResponse): OddAnswer => {
    const honest = { response, isUnreadable: false };
    if (oddnesses.length === 0 || response.status !== 200) return honest;
    if (!/\/managedClusters(\/[^/]+)?$/i.test(pathname)) return honest;
    const body = JSON.parse(response.body) as Fields & { readonly value?: readonly Fields[] };
    const all = body.value ?? [body];
    const found = all.map((cluster) => ({ cluster, own: ofKey(keyOf(String(cluster['id']))) }));
    if (found.every(({ own }) => own.length === 0)) return honest;
    const changed = found.map(({ cluster, own }) =>
      own.reduce((one, { oddity }) => changes[oddity]?.(one) ?? one, cluster),
    );
    const text = JSON.stringify(body.value ? { ...body, value: changed } : changed[0]);
    const isUnreadable = found.some(({ own }) =>
      own.some(({ oddity }) => oddity === 'nulls' || oddity === 'noPoolName'),
    );
    return { response: { ...response, body: text }, isUnreadable };
  };
}

/** Those that are left out are acts on the world: see life/damage.ts. */
const changes: Partial<Record<Oddity, (cluster: Fields) => Fields>> = {
  nulls: (cluster) => ({
    ...withPools({ ...cluster, location: null, sku: null, tags: null }, (pools) => [
      ...pools.map((pool) => ({
        ...pool,
        nodeImageVersion: null,
        provisioningState: null,
        count: null,
        upgradeSettings: null,
      })),
      null,
    ]),
  }),
  noPoolName: (cluster) => withPools(cluster, ([first, ...rest]) => [{ ...first, name: 'no#pool/..' }, ...rest]),
  longError: (cluster) =>
    withPools(cluster, (pools) =>
      pools.map((pool) => ({ ...pool, status: { provisioningError: { code: 'X', message: 'e'.repeat(100_000) } } })),
    ),
  manyPools: (cluster) =>
    withPools(cluster, (pools) => [
      ...pools,
      ...Array.from({ length: fakePools }, (_, index) => ({ ...pools[0], name: `fake${index}`, eTag: `fake${index}` })),
    ]),
  controls: (cluster) =>
    withPools({ ...cluster, location: 'west\r\neurope\u0000\u2028' }, (pools) =>
      pools.map((pool) => ({
        ...pool,
        status: { provisioningError: { code: 'a\nb\u0007', message: '\u001b[31m\r\n\ud800' } },
      })),
    ),
};

function withPools(cluster: Fields, change: (pools: readonly Fields[]) => readonly unknown[]): Fields {
  const properties = cluster['properties'] as Fields;
  const pools = (properties['agentPoolProfiles'] ?? []) as readonly Fields[];
  return { ...cluster, properties: { ...properties, agentPoolProfiles: change(pools) } };
}
