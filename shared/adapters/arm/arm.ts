// AKS's part of Azure Resource Manager, through @azure/arm-containerservice.
import { z } from 'zod';
import { clusterNameOf, isPoolName } from '../../domain/cluster/clusterId.ts';
import { shortened } from '../../domain/text/shortened.ts';
import { type Arm, ArmError } from '../../ports/arm.ts';
import { createActivityLog } from './activityLog.ts';
import { readBody } from './armBody.ts';
import { type ArmOptions, createArmClients, isOfArm, sendGet, timeOut } from './armClient.ts';
import { toCluster, toListedCluster } from './armCluster.ts';
import { dateOf, type RawResponse, read, toRefusal } from './armErrors.ts';
import { fieldsOf } from './armFields.ts';
import { createArmLists } from './armLists.ts';
import { armPath } from './armPath.ts';
import { toStatus } from './operationStatus.ts';
import { createOwnIds } from './ownIds.ts';

/** The SDK's own version. Lists don't go through the SDK, as one bad item would lose all of them. */
const containerService = 'api-version=2026-06-01';

const noPool = 'AKS has no pools of such a name';

/** Never retries: a retried POST could start twice. A request ends after 30 s, a list after 60 s. */
export function createArm(options: ArmOptions): Arm {
  const clientFor = createArmClients(options);
  const list = createArmLists(options);

  return {
    async listClusters(subscription, onUnread) {
      const what = `list the clusters of subscription ${subscription}`;
      const path = armPath`/subscriptions/${subscription}/providers/Microsoft.ContainerService/managedClusters`;
      const found = await list(what, `${path}?${containerService}`, z.unknown());
      if (!found) throw new ArmError(what, { status: 404, code: 'NotFound', message: 'there is no such subscription' });
      return found.flatMap((item) => {
        const cluster = toListedCluster(item);
        const id = fieldsOf(item, []).text('id');
        if (!cluster) onUnread?.(id === undefined ? 'missing' : JSON.stringify(shortened(id, 400)));
        return cluster ?? [];
      });
    },

    async getCluster(id) {
      const { subscription, resourceGroup, cluster } = clusterNameOf(id);
      const { managedClusters } = await clientFor(subscription);
      const found = await readBody(`read ${id}`, (asked) => managedClusters.get(resourceGroup, cluster, asked));
      return found && { cluster: toCluster(found.json, id), date: dateOf(found.headers.get('date')) };
    },

    async listMaintenanceConfigurations(id) {
      const { subscription, resourceGroup, cluster } = clusterNameOf(id);
      const path = armPath`/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${cluster}/maintenanceConfigurations`;
      const what = `list the maintenance configurations of ${id}`;
      const found = await list(what, `${path}?${containerService}`, z.unknown());
      return (found ?? []).map((item) => {
        const name = fieldsOf(item, []).text('name');
        // It may be the one that lets upgrades start, or forbids them.
        if (name === undefined) throw new ArmError(what, { code: 'UnexpectedAnswer', message: 'one has no name' });
        // All of it is for the parser. A configuration without a window exists and can't be read: null, not absent.
        const { properties } = item as { readonly properties?: { readonly maintenanceWindow?: unknown } | null };
        return { name, maintenanceWindow: properties?.maintenanceWindow ?? null };
      });
    },

    async getUpgradeProfile(id, nodePool) {
      const { subscription, resourceGroup, cluster } = clusterNameOf(id);
      const what = `read the upgrade profile of ${id}/agentPools/${nodePool}`;
      if (!isPoolName(nodePool)) throw new ArmError(what, { code: 'UnexpectedAnswer', message: noPool });
      const { agentPools } = await clientFor(subscription);
      const found = await readBody(what, (asked) =>
        agentPools.getUpgradeProfile(resourceGroup, cluster, nodePool, asked),
      );
      if (!found) throw new ArmError(what, { status: 404, code: 'NotFound', message: 'there is no such pool' });
      const problems: string[] = [];
      const latest = fieldsOf(found.json, problems).object('properties').text('latestNodeImageVersion');
      if (problems.length > 0) throw new ArmError(what, { code: 'UnexpectedAnswer', message: problems.join(', ') });
      // It only tells more of the past: what can't be read of it is no reason to block.
      const ran = fieldsOf(found.json, []).object('properties').objects('recentlyUsedVersions');
      return { latest, ranBefore: ran.flatMap((version) => version.text('nodeImageVersion') ?? []) };
    },

    async startNodeImageUpgrade(id, nodePool, correlationId) {
      const { subscription, resourceGroup, cluster } = clusterNameOf(id);
      if (!isPoolName(nodePool)) return { kind: 'refused', status: 400, code: 'InvalidPoolName', message: noPool };
      let answer: RawResponse | undefined;
      const { agentPools } = await clientFor(subscription);
      const poller = agentPools.upgradeNodeImageVersion(resourceGroup, cluster, nodePool, {
        abortSignal: timeOut(),
        requestOptions: { headers: { 'x-ms-correlation-request-id': correlationId } },
        onResponse: (response: RawResponse) => {
          answer = response;
        },
      });
      try {
        // Awaiting the poller itself would wait for the whole upgrade.
        await poller.submitted();
      } catch (error) {
        return toRefusal(error, answer);
      }
      const operationUrl = answer?.headers.get('azure-asyncoperation') ?? answer?.headers.get('location');
      return { kind: 'accepted', operationUrl };
    },

    listActivities: createActivityLog(options),
    ownIds: createOwnIds(options),

    async getOperation(operationUrl) {
      // A stored URL gets our token only when it is ARM's own.
      if (!isOfArm(operationUrl, options)) return 'unknown';
      return read('read the operation', async () => {
        const response = await sendGet(options, await clientFor(''), operationUrl);
        return toStatus(response.status, response.bodyAsText ?? '');
      });
    },
  };
}
