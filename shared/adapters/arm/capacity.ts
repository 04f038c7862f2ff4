// Quotas, VM sizes, addresses and instances from Microsoft.Compute and Microsoft.Network. Called through the Capacity port.
import { z } from 'zod';
import { samePool, tagOf } from '../../domain/cluster/cluster.ts';
import type { NodeInstance } from '../../domain/nodes/nodeInstance.ts';
import type { VmSize } from '../../domain/preflight/preflightFacts.ts';
import { ArmError } from '../../ports/arm.ts';
import type { Capacity } from '../../ports/capacity.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ArmOptions } from './armClient.ts';
import { createArmLists } from './armLists.ts';
import { armPath, pathOfId } from './armPath.ts';
import { keptFor } from './keptFor.ts';

const compute = 'api-version=2024-07-01';
const skus = 'api-version=2021-07-01';
const network = 'api-version=2024-05-01';

/** The sizes of a region are some megabytes of JSON and seldom change. */
const sizesKeptMinutes = 60;

/** -1 is Azure's own word for what it does not count; here for what can't be read too. */
const Counted = z.number().catch(-1);
const Usage = z
  .object({ name: z.object({ value: z.string() }), currentValue: Counted, limit: Counted })
  .transform(({ name, currentValue: used, limit }) => ({ name: name.value, used, limit }));
const Sku = z.object({
  resourceType: z.string().nullish(),
  name: z.string().nullish(),
  family: z.string().nullish(),
  capabilities: z.array(z.object({ name: z.string().nullish(), value: z.string().nullish() })).nullish(),
});
const Network = z.object({ id: z.string() });
const SubnetUsage = z
  .object({ id: z.string(), currentValue: Counted, limit: Counted })
  .transform(({ id, currentValue: used, limit }) => ({ id, used, limit }));
const Tags = z
  .record(z.string(), z.string().nullish())
  .nullish()
  .transform((tags) => Object.fromEntries(Object.entries(tags ?? {}).map(([tag, value]) => [tag, value ?? ''])));
const ScaleSet = z.object({ name: z.string(), tags: Tags });
const InstanceView = z.object({ statuses: z.array(z.object({ code: z.string().nullish() })).nullish() });
const machineProperties = z.object({
  provisioningState: z.string().nullish(),
  osProfile: z.object({ computerName: z.string().nullish() }).nullish(),
  storageProfile: z.object({ imageReference: z.object({ id: z.string().nullish() }).nullish() }).nullish(),
  instanceView: InstanceView.nullish().catch(undefined),
});
const Instance = z.object({ instanceId: z.string(), properties: machineProperties });
/** A virtual machine of no scale set. */
const Machine = z.object({ name: z.string(), tags: Tags, properties: machineProperties });

type VmSizes = ReadonlyMap<string, VmSize>;

export function createCapacity(options: ArmOptions & { readonly clock: Clock }): Capacity {
  const list = createArmLists(options);
  const kept = keptFor<VmSizes>(sizesKeptMinutes, options.clock);

  /** Leaves out an item that can't be read: it must not hide the others. */
  async function listReadable<T>(what: string, path: string, item: z.ZodType<T>): Promise<readonly T[] | undefined> {
    const found = await list(what, path, item.optional().catch(undefined));
    const readable = found?.filter((one) => one !== undefined);
    if (readable?.length === 0 && found?.length) {
      throw new ArmError(what, { code: 'UnexpectedAnswer', message: 'none of its items can be read' });
    }
    return readable;
  }

  async function readSizes(subscription: string, region: string): Promise<VmSizes> {
    const what = `list the VM sizes of ${region}`;
    const filter = encodeURIComponent(`location eq '${region}'`);
    const path = `${armPath`/subscriptions/${subscription}/providers/Microsoft.Compute/skus`}?${skus}&$filter=${filter}`;
    return new Map((await present(what, listReadable(what, path, Sku))).flatMap(toVmSize));
  }

  return {
    async listQuotas(subscription, location) {
      const region = toRegion(location);
      const what = `list the vCPU quotas of ${region}`;
      const path = armPath`/subscriptions/${subscription}/providers/Microsoft.Compute/locations/${region}/usages`;
      return present(what, listReadable(what, `${path}?${compute}`, Usage));
    },

    async getVmSize(subscription, location, name) {
      const region = toRegion(location);
      const sizes = await kept.get(`${subscription}|${region}`.toLowerCase(), () => readSizes(subscription, region));
      return sizes.get(name.toLowerCase());
    },

    async listVirtualNetworks(subscription, resourceGroup) {
      const path = armPath`/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/virtualNetworks`;
      const what = `list the virtual networks of resource group ${resourceGroup}`;
      const found = await list(what, `${path}?${network}`, Network);
      return (found ?? []).map(({ id }) => id);
    },

    async listSubnetUsages(virtualNetworkId) {
      const path = `${pathOfId(virtualNetworkId)}/usages?${network}`;
      return listReadable(`list the subnet usages of ${virtualNetworkId}`, path, SubnetUsage);
    },

    async listInstances(subscription, nodeResourceGroup, nodePool) {
      const root = armPath`/subscriptions/${subscription}/resourceGroups/${nodeResourceGroup}/providers/Microsoft.Compute`;
      const scaleSets = await list(
        `list the scale sets of ${nodeResourceGroup}`,
        `${root}/virtualMachineScaleSets?${compute}`,
        ScaleSet,
      );
      const ofPool = ({ tags }: Pick<z.infer<typeof ScaleSet>, 'tags'>) =>
        samePool(tagOf(tags, 'aks-managed-poolname') ?? '', nodePool);
      const own = scaleSets?.filter(ofPool) ?? [];
      if (own.length === 0) {
        const what = `list the virtual machines of ${nodeResourceGroup}`;
        const machines = await list(what, `${root}/virtualMachines?${compute}`, Machine);
        return (machines ?? []).filter(ofPool).map(({ name, properties }) => toInstance(name, properties));
      }
      const instances = own.map(async ({ name: scaleSet }) => {
        const path = `${root}${armPath`/virtualMachineScaleSets/${scaleSet}/virtualMachines`}?${compute}&$expand=instanceView`;
        const found = await list(`list the instances of ${scaleSet}`, path, Instance);
        return (found ?? []).map(({ instanceId, properties }) => ({
          scaleSet,
          ...toInstance(instanceId, properties),
        }));
      });
      return (await Promise.all(instances)).flat();
    },
  };
}

function toInstance(instanceId: string, machine: z.infer<typeof machineProperties>): NodeInstance {
  const { provisioningState, osProfile, storageProfile, instanceView } = machine;
  return {
    instanceId,
    node: osProfile?.computerName ?? undefined,
    provisioningState: provisioningState ?? 'Unknown',
    image: storageProfile?.imageReference?.id ?? undefined,
    powerState: powerStateOf(instanceView),
  };
}

/** Regions and sizes always exist: a 404 does not mean "none". */
async function present<T>(what: string, reading: Promise<T | undefined>): Promise<T> {
  const found = await reading;
  if (found === undefined) throw new ArmError(what, { status: 404, code: 'NotFound' });
  return found;
}

function toVmSize({ resourceType, name, family, capabilities }: z.infer<typeof Sku>): readonly [string, VmSize][] {
  const vCpus = Number(capabilities?.find((capability) => capability.name === 'vCPUs')?.value ?? Number.NaN);
  const isKnown = Number.isInteger(vCpus) && vCpus > 0;
  if (resourceType?.toLowerCase() !== 'virtualmachines' || !name || !family || !isKnown) return [];
  return [[name.toLowerCase(), { name, family, vCpus }]];
}

/** Only an instance view has it, among the instance's other states. */
function powerStateOf(view: z.infer<typeof InstanceView> | null | undefined): string | undefined {
  const codes = view?.statuses?.map(({ code }) => code ?? '') ?? [];
  return codes.map((code) => /^PowerState\/(.+)$/i.exec(code)?.[1]?.toLowerCase()).find((state) => state !== undefined);
}

/** "West Europe" and "westeurope" are one region. */
function toRegion(location: string): string {
  return location.replaceAll(' ', '').toLowerCase();
}
