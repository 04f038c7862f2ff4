// Judges a request by what its invocation had read of quotas and addresses: nothing is started that has no room to surge, or
// of which that is not known, unless the policy lets it. Called by judgePosts.ts.
import type { Invocation, Wrong } from '../../record/record.ts';
import { batchesOf, type SizedPool, sizesOf } from '../own/batches.ts';
import type { PolicyRead } from '../own/judgePolicy.ts';

type Usage = {
  readonly id?: string;
  readonly name: { readonly value: string };
  readonly currentValue: number;
  readonly limit: number;
};

/** The pools' sizes. All stand in the network that AKS made, where a node takes one address. */
const sizes: Readonly<Record<string, { readonly family: string; readonly cores: number }>> = {
  Standard_D4s_v5: { family: 'standardDSv5Family', cores: 4 },
  Standard_D8s_v5: { family: 'standardDSv5Family', cores: 8 },
  Standard_E4s_v5: { family: 'standardESv5Family', cores: 4 },
};

export function judgePreflight(
  invocation: Invocation,
  pool: SizedPool,
  policy: PolicyRead | undefined,
  wrong: Wrong,
): void {
  const { extra: nodes } = batchesOf(pool);
  if (nodes === 0) return;
  const usages = (path: RegExp): readonly Usage[] | undefined => {
    const read = invocation.reads.findLast((one) => path.test(one.path));
    return read?.status === 200 ? (JSON.parse(read.body) as { readonly value: readonly Usage[] }).value : undefined;
  };
  const quotas = usages(/\/Microsoft\.Compute\/locations\/[^/]+\/usages$/i);
  // As AKS does in the simulator: others of the size of those that are replaced first.
  const surging = sizesOf(pool)
    .slice(0, nodes)
    .flatMap((size) => sizes[size] ?? []);
  const needed = new Map([['cores', 0]]);
  for (const { family, cores } of surging) {
    for (const name of ['cores', family]) needed.set(name, (needed.get(name) ?? 0) + cores);
  }
  const addresses = usages(/\/virtualNetworks\/[^/]+\/usages$/i)?.find(({ id }) => id?.endsWith('/aks-subnet'));
  const mayBeUnknown = policy?.preflight?.notRun === 'warn';
  // Without the size of its nodes nobody knows what they take of the quotas.
  const isDisturbed = invocation.faults.some((fault) => /^arm/i.test(fault));
  if (mayBeUnknown && isDisturbed) return;
  const hasRoom = (usage: Usage | undefined, needed: number) =>
    usage === undefined ? mayBeUnknown : usage.currentValue + needed <= usage.limit;
  for (const [name, cores] of needed) {
    const found = quotas?.find((quota) => quota.name.value === name);
    if (!hasRoom(found, cores))
      wrong('preflight', `${nodes} nodes surge on a quota ${name} of ${JSON.stringify(found)}`);
  }
  if (!hasRoom(addresses, nodes))
    wrong('preflight', `${nodes} nodes surge in a subnet of ${JSON.stringify(addresses)}`);
}
