// The check `quota`: do the surge nodes fit the vCPU quotas of their VM family and of the region? Spot has a quota of its own.
import type { NodePool } from '../cluster/cluster.ts';
import { surgeNodes } from '../cluster/estimate.ts';
import { isSpot } from './checkPool.ts';
import { type Check, counted, type Finding, failed, notRun, passed, unknownSurge, unread } from './finding.ts';
import { type Quota, sameQuota, type VmSize } from './preflightFacts.ts';

const regionQuota = 'cores';
const spotQuota = 'lowPriorityCores';

export const quota: Check = ({ cluster: { location: region }, pool, reads }) => {
  const surge = surgeNodes(pool);
  if (surge === undefined) return unknownSurge(pool);
  if (surge === 0) return passed('The pool rolls without surge nodes, so it needs no quota.', { surgeNodes: 0 });
  if (region === undefined) return notRun('ARM names no location of the cluster, so its quotas are not known.');
  if (pool.vmSize === undefined) {
    return notRun(`ARM names no VM size for this pool of type ${pool.type ?? 'unknown'}, so its quota is not known.`);
  }
  if ('problem' in reads.vmSize) return unread('quota', `The VM sizes of ${region}`, reads.vmSize.problem);
  if ('problem' in reads.quotas) return unread('quota', `The vCPU quotas of ${region}`, reads.quotas.problem);
  const size = reads.vmSize.value;
  if (!size) return notRun(`${region} lists no VM size ${pool.vmSize} for this subscription.`, { vmSize: pool.vmSize });
  return judge(pool, region, surge, size, reads.quotas.value ?? []);
};

function judge(pool: NodePool, region: string, surge: number, size: VmSize, quotas: readonly Quota[]): Finding {
  const names = isSpot(pool) ? [spotQuota] : [size.family, regionQuota];
  const found = names.map((name) => quotas.find((one) => sameQuota(one.name, name)));
  const missing = names.filter((_, index) => !isCounted(found[index]));
  if (missing.length > 0) return notRun(`Azure shows no quota ${missing.join(' and ')} in ${region}.`, { missing });
  const given = found.filter(isCounted);
  const vCpus = surge * size.vCpus;
  const facts = { surgeNodes: surge, vmSize: size.name, vCpusNeeded: vCpus, quotas: given };
  const needs = `${counted(surge, 'surge node')} of ${size.name} ${surge === 1 ? 'needs' : 'need'} ${counted(vCpus, 'vCPU')}`;
  const short = given.filter(({ used, limit }) => used + vCpus > limit);
  if (short.length === 0) return passed(`${needs}; ${region} has ${left(given)}.`, facts);
  const sentence = `${needs}, but ${region} has only ${left(short)}. Raise the quota, free vCPUs, or lower the pool's maxSurge.`;
  return failed(sentence, facts);
}

function isCounted(quota: Quota | undefined): quota is Quota {
  return quota !== undefined && quota.used >= 0 && quota.limit >= 0;
}

function left(quotas: readonly Quota[]): string {
  return quotas
    .map(({ name, used, limit }) => `${Math.max(0, limit - used)} of ${limit} left of ${name}`)
    .join(' and ');
}
