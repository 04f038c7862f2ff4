// Judges a request by what its invocation had read of quotas and addresses: nothing is started that has no room to surge, or
// of which that is not known, unless the policy lets it. Called by judgePosts.ts.
import type { Invocation, Wrong } from '../../record/record.ts';
import type { PolicyRead } from '../own/judgePolicy.ts';

type Usage = {
  readonly id?: string;
  readonly name: { readonly value: string };
  readonly currentValue: number;
  readonly limit: number;
};
type PoolJson = { readonly count: number; readonly upgradeSettings?: { readonly maxSurge?: string } };

/** Every pool is of this size, and stands in the network that AKS made, where a node takes one address. */
const size = { family: 'standardDSv5Family', cores: 4 };

export function judgePreflight(
  invocation: Invocation,
  pool: PoolJson,
  policy: PolicyRead | undefined,
  wrong: Wrong,
): void {
  const maxSurge = pool.upgradeSettings?.maxSurge ?? '10%';
  const share = Number.parseInt(maxSurge, 10);
  const nodes = Math.min(pool.count, maxSurge.endsWith('%') ? Math.ceil((pool.count * share) / 100) : share);
  if (nodes === 0) return;
  const usages = (path: RegExp): readonly Usage[] | undefined => {
    const read = invocation.reads.findLast((one) => path.test(one.path));
    return read?.status === 200 ? (JSON.parse(read.body) as { readonly value: readonly Usage[] }).value : undefined;
  };
  const quotas = usages(/\/Microsoft\.Compute\/locations\/[^/]+\/usages$/i);
  const cores = ['cores', size.family].map((name) => quotas?.find((quota) => quota.name.value === name));
  const addresses = usages(/\/virtualNetworks\/[^/]+\/usages$/i)?.find(({ id }) => id?.endsWith('/aks-subnet'));
  const mayBeUnknown = policy?.preflight?.notRun === 'warn';
  // Without the size of its nodes nobody knows what they take of the quotas.
  const isDisturbed = invocation.faults.some((fault) => /^arm/i.test(fault));
  if (mayBeUnknown && isDisturbed) return;
  const hasRoom = (usage: Usage | undefined, needed: number) =>
    usage === undefined ? mayBeUnknown : usage.currentValue + needed <= usage.limit;
  if (!cores.every((quota) => hasRoom(quota, nodes * size.cores))) {
    wrong('preflight', `${nodes} nodes surge on quotas of ${JSON.stringify(cores)}`);
  }
  if (!hasRoom(addresses, nodes))
    wrong('preflight', `${nodes} nodes surge in a subnet of ${JSON.stringify(addresses)}`);
}
