// Why a batch of nodes can't roll: no room for the surge, a new node that never joins, or a blocked drain. Codes: AKS-FACTS section 4.
import { takePoolFault } from '../faults/armedFaults.ts';
import { blockingBudget } from '../kubernetes/podsOnPools.ts';
import { addressesIn, coresFor, sharesOf } from './capacity.ts';
import type { Operation, Roll, World } from './world.ts';

/** AKS's own limit for a drain that the pool's settings do not limit. */
const drainTimeoutMinutes = 30;

type BatchFailure = {
  readonly error: NonNullable<Operation['error']>;
  /** How long AKS takes to give up; absent: as long as a batch. */
  readonly seconds?: number;
  readonly podDisruptionBudget?: string;
};

export function failureOfBatch(world: World, roll: Roll): BatchFailure | undefined {
  return (
    (roll.nodesDone === 0 ? noRoom(world, roll) : undefined) ?? notJoined(world, roll) ?? blockedDrain(world, roll)
  );
}

function notJoined(world: World, { cluster, pool, nodesDone }: Roll): BatchFailure | undefined {
  const fault = takePoolFault(world, 'nodesNotJoined', cluster, pool, ({ afterNodes = 0 }) => nodesDone >= afterNodes);
  if (!fault) return undefined;
  const message = `VM has reported a failure when processing extension 'vmssCSE'. Error message: "Enable failed: failed to execute command: command terminated with exit status=${fault.exitCode ?? 50}\n[stdout]\n\n[stderr]\n"`;
  return { error: { code: 'VMExtensionProvisioningError', message } };
}

function noRoom(world: World, { cluster, pool }: Roll): BatchFailure | undefined {
  const cores = coresFor(world, cluster, pool).find(({ used, limit }) => used > limit);
  if (cores) {
    const message = `Operation could not be completed as it results in exceeding approved ${cores.name} Cores quota. Additional details - Location: ${cluster.resource.location}, Current Limit: ${cores.limit}, New Limit Required: ${cores.used}.`;
    return { error: { code: 'QuotaExceeded', message } };
  }
  const full = sharesOf(cluster, pool).find(({ subnet }) => {
    const { used, limit } = addressesIn(world, subnet);
    return used > limit;
  });
  if (!full) return undefined;
  const addresses = addressesIn(world, full.subnet);
  const message = `Subnet ${full.subnet} does not have enough capacity for the nodes that are to surge: ${addresses.used} addresses needed, ${addresses.limit} there.`;
  return { error: { code: 'SubnetIsFull', message } };
}

function blockedDrain(world: World, { cluster, pool, nodesDone }: Roll): BatchFailure | undefined {
  const fault = takePoolFault(world, 'drainBlocked', cluster, pool, ({ afterNodes = 0 }) => nodesDone >= afterNodes);
  const standing = fault ? undefined : blockingBudget(cluster, pool);
  const blockedBy = fault?.podDisruptionBudget ?? (standing && `${standing.namespace}/${standing.name}`);
  if (blockedBy === undefined) return undefined;
  const { upgradeSettings } = pool.profile;
  const timeout = upgradeSettings?.drainTimeoutInMinutes;
  const [namespace, budget = namespace] = blockedBy.split('/');
  const message = `Drain node ${pool.nodes[nodesDone]?.name} failed when evicting pod ${namespace}/${budget}-0 failed with Too Many Requests error. This is often caused by a restrictive Pod Disruption Budget (PDB) policy. See https://aka.ms/aks/debugdrainfailures. PDB debug info: ${namespace}/${budget}-0 blocked by pdb ${blockedBy} with 0 unready pods.`;
  return {
    error: { code: 'PodDrainFailure', message },
    podDisruptionBudget: blockedBy,
    seconds: fault?.seconds ?? (timeout ?? drainTimeoutMinutes) * 60,
  };
}
