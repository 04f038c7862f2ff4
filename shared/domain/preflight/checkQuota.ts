// The check `quota`: do the surge nodes fit the vCPU quotas of their VM family and of the region? Spot has a quota of its own.
import type { NodePool } from '../cluster/cluster.ts';
import { surgeBySize, surgeNodes } from '../cluster/estimate.ts';
import { isSpot } from './checkPool.ts';
import { type Check, counted, type Finding, failed, notRun, passed, unknownSurge, unread } from './finding.ts';
import { type PreflightFacts, type Quota, sameQuota, type VmSize } from './preflightFacts.ts';

const regionQuota = 'cores';
const spotQuota = 'lowPriorityCores';

export const quota: Check = ({ cluster: { location: region }, pool, reads }) => {
  const surge = surgeNodes(pool);
  if (surge === undefined) return unknownSurge(pool);
  if (surge === 0) return passed('The pool rolls without surge nodes, so it needs no quota.', { surgeNodes: 0 });
  if (region === undefined) return notRun('ARM names no location of the cluster, so its quotas are not known.');
  const surging = surgeBySize(pool);
  if (surging === undefined) {
    return notRun(`ARM names no VM size for this pool of type ${pool.type ?? 'unknown'}, so its quota is not known.`);
  }
  if ('problem' in reads.vmSizes) return unread('quota', `The VM sizes of ${region}`, reads.vmSizes.problem);
  if ('problem' in reads.quotas) return unread('quota', `The vCPU quotas of ${region}`, reads.quotas.problem);
  const listed = reads.vmSizes.value ?? [];
  const nodes = surging.map((one) => ({
    ...one,
    vm: listed.find(isSize(one.size)),
  }));
  const unlisted = nodes.filter(({ vm }) => !vm).map(({ size }) => size);
  if (unlisted.length > 0) {
    const sentence = `${region} lists no VM size ${unlisted.join(' and ')} for this subscription, or not how many vCPUs it has.`;
    return notRun(sentence, { vmSizes: unlisted });
  }
  const needed = neededOf(nodes);
  return judge(pool, region, surge, needed, reads.quotas.value ?? []);
};

/** What a roll takes of each quota beside what is used of it; none where that is not known, or nothing. */
export function quotaShares({ pool, reads }: Pick<PreflightFacts, 'pool' | 'reads'>): readonly QuotaShare[] {
  if ('problem' in reads.vmSizes || 'problem' in reads.quotas) return [];
  const listed = reads.vmSizes.value ?? [];
  const nodes = (surgeBySize(pool) ?? []).map((one) => ({ ...one, vm: listed.find(isSize(one.size)) }));
  return sharesOf(pool, neededOf(nodes), reads.quotas.value ?? []).flatMap(({ name, vCpus, quota }) =>
    isCounted(quota) && vCpus > 0 ? [{ name, vCpus, used: quota.used, limit: quota.limit }] : [],
  );
}

export type QuotaShare = {
  readonly name: string;
  readonly vCpus: number;
  readonly used: number;
  readonly limit: number;
};

const isSize =
  (size: string) =>
  ({ name }: VmSize) =>
    name.toLowerCase() === size.toLowerCase();

function neededOf(nodes: readonly { readonly nodes: number; readonly vm: VmSize | undefined }[]): readonly Needed[] {
  return nodes.flatMap(({ nodes, vm }) =>
    vm ? [{ size: vm.name, nodes, family: vm.family, vCpus: nodes * vm.vCpus }] : [],
  );
}

function sharesOf(pool: NodePool, needed: readonly Needed[], quotas: readonly Quota[]) {
  const ofQuota = Map.groupBy(needed, ({ family }) => (isSpot(pool) ? spotQuota : family));
  return [...ofQuota, ...(isSpot(pool) ? [] : [[regionQuota, needed] as const])].map(([name, of]) => ({
    name,
    vCpus: sumOfVCpus(of),
    quota: quotas.find((one) => sameQuota(one.name, name)),
  }));
}

/** Surge nodes of one VM size, with the vCPUs of all of them. */
type Needed = { readonly size: string; readonly nodes: number; readonly family: string; readonly vCpus: number };

function judge(
  pool: NodePool,
  region: string,
  surge: number,
  needed: readonly Needed[],
  quotas: readonly Quota[],
): Finding {
  const shares = sharesOf(pool, needed, quotas);
  const missing = shares.filter(({ quota }) => !isCounted(quota)).map(({ name }) => name);
  if (missing.length > 0) return notRun(`Azure shows no quota ${missing.join(' and ')} in ${region}.`, { missing });
  const given = shares.flatMap(({ vCpus, quota }) => (isCounted(quota) ? [{ vCpus, quota }] : []));
  const sizes = needed.map(({ size, nodes, vCpus }) => ({ size, nodes, vCpus }));
  const facts = {
    surgeNodes: surge,
    ...(sizes.length === 1 ? { vmSize: sizes[0]?.size } : { bySize: sizes }),
    vCpusNeeded: sumOfVCpus(needed),
    quotas: given.map(({ quota }) => quota),
  };
  const needs = needed.map(toWords).join(', and ');
  const short = given.filter(({ vCpus, quota: { used, limit } }) => used + vCpus > limit);
  if (short.length === 0) return passed(`${needs}; ${region} has ${left(given)}.`, facts);
  const sentence = `${needs}, but ${region} has only ${left(short)}. Raise the quota, free vCPUs, or lower the pool's maxSurge.`;
  return failed(sentence, facts);
}

function toWords({ size, nodes, vCpus }: Needed): string {
  return `${counted(nodes, 'surge node')} of ${size} ${nodes === 1 ? 'needs' : 'need'} ${counted(vCpus, 'vCPU')}`;
}

function sumOfVCpus(some: readonly { readonly vCpus: number }[]): number {
  return some.reduce((sum, { vCpus }) => sum + vCpus, 0);
}

function isCounted(quota: Quota | undefined): quota is Quota {
  return quota !== undefined && quota.used >= 0 && quota.limit >= 0;
}

function left(given: readonly { readonly quota: Quota }[]): string {
  return given
    .map(({ quota: { name, used, limit } }) => `${Math.max(0, limit - used)} of ${limit} left of ${name}`)
    .join(' and ');
}
