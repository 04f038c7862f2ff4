// ARM's JSON of a managed cluster -> the domain's. Called by the ARM adapter.
import type { Cluster, NodePool } from '../../domain/cluster/cluster.ts';
import { clusterKey, isPoolName, parseClusterId } from '../../domain/cluster/clusterId.ts';
import { type Fields, fieldsOf, problemIn } from './armFields.ts';

/** Undefined for what has no cluster's id: nobody could tell which cluster it is. */
export function toListedCluster(json: unknown): Cluster | undefined {
  const id = fieldsOf(json, []).text('id');
  return id !== undefined && parseClusterId(id) ? toCluster(json, id) : undefined;
}

/** A state that ARM leaves out is `Unknown`: busy, or not running. @param asked the id where ARM's answer has none */
export function toCluster(json: unknown, asked: string): Cluster {
  const problems: string[] = [];
  const fields = fieldsOf(json, problems);
  const properties = fields.object('properties');
  const network = properties.object('networkProfile');
  const channels = properties.object('autoUpgradeProfile');
  const id = fields.text('id');
  const tags = toTags(fields, problems);
  const cluster = {
    id: id !== undefined && parseClusterId(id) && clusterKey(id) === clusterKey(asked) ? id : asked,
    resourceUid: properties.text('resourceUID'),
    location: fields.text('location'),
    provisioningState: properties.text('provisioningState') ?? 'Unknown',
    powerState: properties.object('powerState').text('code') ?? 'Unknown',
    upgradeChannel: channels.text('upgradeChannel'),
    nodeOsUpgradeChannel: channels.text('nodeOSUpgradeChannel'),
    sku: fields.object('sku').text('name'),
    nodeResourceGroup: properties.text('nodeResourceGroup'),
    networkPlugin: network.text('networkPlugin'),
    networkPluginMode: network.text('networkPluginMode'),
  };
  const pools = toNodePools(properties, problems);
  return { ...cluster, ...tags, ...pools, problem: problemIn(problems) };
}

function toTags(fields: Fields, problems: string[]): Pick<Cluster, 'tags' | 'tagsAreCut'> {
  const known = problems.length;
  const tags = fields.object('tags').texts();
  return { tags, tagsAreCut: problems.length > known || undefined };
}

/** A pool that can't be named is the cluster's problem: it may be any of those that were known. */
function toNodePools(properties: Fields, problems: string[]): Pick<Cluster, 'nodePools' | 'hasUnreadPools'> {
  const listed = properties.list('agentPoolProfiles');
  const pools = (listed ?? []).map((item) => toNodePool(item));
  const byName = new Map<string, NodePool>();
  for (const pool of pools) {
    if (!pool) continue;
    const key = pool.name.toLowerCase();
    // A pool has one decision, and one row of each kind.
    if (byName.has(key)) problems.push(`properties.agentPoolProfiles has pool ${pool.name} twice`);
    else byName.set(key, pool);
  }
  const unnamed = pools.flatMap((pool, index) => (pool ? [] : [index]));
  problems.push(...unnamed.map((index) => `properties.agentPoolProfiles[${index}] has no name of a pool`));
  if (!listed) problems.push('properties.agentPoolProfiles is no list of pools');
  return { nodePools: [...byName.values()], hasUnreadPools: !listed || unnamed.length > 0 || undefined };
}

function toNodePool(json: unknown): NodePool | undefined {
  const problems: string[] = [];
  const fields = fieldsOf(json, problems);
  const name = fields.text('name');
  if (name === undefined || !isPoolName(name)) return undefined;
  const settings = fields.object('upgradeSettings');
  const pool = {
    name,
    nodeImageVersion: fields.text('nodeImageVersion'),
    provisioningState: fields.text('provisioningState') ?? 'Unknown',
    powerState: fields.object('powerState').text('code') ?? 'Unknown',
    mode: fields.text('mode') ?? 'Unknown',
    type: fields.text('type'),
    osType: fields.text('osType') ?? 'Unknown',
    osSku: fields.text('osSKU'),
    kubernetesVersion: fields.text('currentOrchestratorVersion') ?? fields.text('orchestratorVersion'),
    vmSize: fields.text('vmSize'),
    ...nodesOf(fields, problems),
    scaleSetPriority: fields.text('scaleSetPriority'),
    scaleDownMode: fields.text('scaleDownMode'),
    maxPods: fields.count('maxPods'),
    vnetSubnetId: fields.text('vnetSubnetID'),
    podSubnetId: fields.text('podSubnetID'),
    maxSurge: settings.text('maxSurge'),
    maxUnavailable: settings.text('maxUnavailable'),
    nodeSoakMinutes: settings.count('nodeSoakDurationInMinutes'),
    eTag: fields.text('eTag'),
    snapshotId: fields.object('creationData').text('sourceResourceId'),
    error: errorOf(json),
  };
  return { ...pool, problem: problemIn(problems) };
}

type Nodes = Pick<NodePool, 'count' | 'nodesBySize' | 'autoscaler'>;

function nodesOf(fields: Fields, problems: string[]): Nodes {
  const count = fields.count('count');
  const [min, max] = [fields.count('minCount'), fields.count('maxCount')];
  const autoscaler = fields.flag('enableAutoScaling') ? { min, max } : undefined;
  const status = nodesBySize(fields.objects('virtualMachineNodesStatus'));
  const isOfMachines = fields.text('type')?.toLowerCase() === 'virtualmachines';
  if (!isOfMachines && status.length === 0) return { count, autoscaler };
  const { total, isSure, ...machines } = nodesOfMachines(
    fields.object('virtualMachinesProfile').object('scale'),
    status,
  );
  // Where ARM has no count of such a pool, it may say 0.
  const hasCount = count !== undefined && !(isOfMachines && count === 0);
  if (hasCount && count !== total)
    problems.push(`count is ${count}, but virtualMachineNodesStatus has another number of nodes`);
  return { autoscaler, ...machines, count: (hasCount ? count === total : isSure) ? total : undefined };
}

/** By VM size: the nodes that run, or else those that the pool is to have. Not sure of their number where the two differ. */
function nodesOfMachines(scale: Fields, status: NodesBySize) {
  const manual = nodesBySize(scale.objects('manual'));
  const nodes = status.length > 0 ? status : manual;
  const total = sumOf(nodes.map(({ count }) => count));
  const ranges = scale.objects('autoscale');
  const [min, max] = ['minCount', 'maxCount'].map((name) => sumOf(ranges.map((range) => range.count(name))));
  return {
    total,
    isSure: manual.length === 0 || total === sumOf(manual.map(({ count }) => count)),
    nodesBySize: nodes.length > 0 ? nodes : undefined,
    ...(ranges.length > 0 && { autoscaler: { min, max } }),
  };
}

type NodesBySize = NonNullable<NodePool['nodesBySize']>;

function nodesBySize(items: readonly Fields[]): NodesBySize {
  return items.map((item) => ({ size: item.text('size'), count: item.count('count') }));
}

/** Of none it is not known, and neither where one of them is not. */
function sumOf(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return counts.length === 0 || known.length < counts.length ? undefined : known.reduce((sum, count) => sum + count, 0);
}

/** For people only, so an unreadable error keeps nothing from starting. */
function errorOf(json: unknown): NodePool['error'] {
  const error = fieldsOf(json, []).object('status').object('provisioningError');
  const [code, message] = [error.text('code'), error.message('message')];
  return code === undefined && message === undefined ? undefined : { code: code ?? 'Unknown', message: message ?? '' };
}
