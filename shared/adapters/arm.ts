// AKS's part of Azure Resource Manager, through @azure/arm-containerservice.
import type { ContainerServiceClient } from '@azure/arm-containerservice';
import { Temporal } from 'temporal-polyfill';
import { type ClusterName, parseClusterId } from '../domain/cluster.ts';
import type { Arm } from '../ports.ts';
import { type ArmOptions, createArmClient, isOfArm, sendGet, timeOut } from './armClient.ts';
import { toCluster } from './armCluster.ts';
import { type RawResponse, read, readOrAbsent, toRefusal } from './armErrors.ts';
import { toStatus } from './operationStatus.ts';

const windowName = 'aksManagedNodeOSUpgradeSchedule';

/**
 * The adapter never retries by itself: a retried POST could start twice, and a read that fails is read again by the
 * next message or pass. Every request is given up after 30 s.
 */
export function createArm(options: ArmOptions): Arm {
  const clients = new Map<string, ContainerServiceClient>();

  function clientFor(subscription: string): ContainerServiceClient {
    const client = clients.get(subscription) ?? createArmClient(options, subscription);
    clients.set(subscription, client);
    return client;
  }

  return {
    async listClusters(subscription) {
      return read(`list the clusters of subscription ${subscription}`, async () => {
        const clusters = [];
        const pages = clientFor(subscription).managedClusters.list({ abortSignal: timeOut() });
        for await (const cluster of pages) clusters.push(toCluster(cluster));
        return clusters;
      });
    },

    async getCluster(id) {
      const { subscription, resourceGroup, cluster } = nameOf(id);
      let date: Temporal.Instant | undefined;
      const onResponse = (response: RawResponse) => {
        date = dateOf(response.headers.get('date'));
      };
      const found = await readOrAbsent(`read ${id}`, () =>
        clientFor(subscription).managedClusters.get(resourceGroup, cluster, { abortSignal: timeOut(), onResponse }),
      );
      return found && { cluster: toCluster(found), date };
    },

    async getMaintenanceWindow(id) {
      const { subscription, resourceGroup, cluster } = nameOf(id);
      // The body as ARM sent it: the SDK turns dates into Dates and drops what it does not know, and a window that is
      // not understood must not look like one that is.
      let answer: { readonly body: unknown } | undefined;
      const onResponse = (response: RawResponse) => {
        if (response.status === 200) answer = { body: JSON.parse(response.bodyAsText ?? 'null') };
      };
      const { maintenanceConfigurations } = clientFor(subscription);
      const found = await readOrAbsent(`read ${windowName} of ${id}`, async () => {
        const options = { abortSignal: timeOut(), onResponse };
        try {
          await maintenanceConfigurations.get(resourceGroup, cluster, windowName, options);
        } catch (error) {
          // ARM has answered, but the SDK trips over the answer: what is wrong with it is for the parser to name.
          if (!answer) throw error;
        }
        return answer;
      });
      if (!found) return undefined;
      // A configuration without a window is there and can't be read: null, not absent.
      const body = found.body as { properties?: { maintenanceWindow?: unknown } } | null;
      return body?.properties?.maintenanceWindow ?? null;
    },

    async listMaintenanceConfigurations(id) {
      const { subscription, resourceGroup, cluster } = nameOf(id);
      const names = await readOrAbsent(`list the maintenance configurations of ${id}`, async () => {
        const found: string[] = [];
        const pages = clientFor(subscription).maintenanceConfigurations.listByManagedCluster(resourceGroup, cluster, {
          abortSignal: timeOut(),
        });
        for await (const { name } of pages) if (name !== undefined) found.push(name);
        return found;
      });
      return names ?? [];
    },

    async getLatestNodeImage(id, nodePool) {
      const { subscription, resourceGroup, cluster } = nameOf(id);
      const profile = await read(`read the upgrade profile of ${id}/agentPools/${nodePool}`, () =>
        clientFor(subscription).agentPools.getUpgradeProfile(resourceGroup, cluster, nodePool, {
          abortSignal: timeOut(),
        }),
      );
      return profile.latestNodeImageVersion ?? undefined;
    },

    async startNodeImageUpgrade(id, nodePool) {
      const { subscription, resourceGroup, cluster } = nameOf(id);
      let answer: RawResponse | undefined;
      const poller = clientFor(subscription).agentPools.upgradeNodeImageVersion(resourceGroup, cluster, nodePool, {
        abortSignal: timeOut(),
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
      return { kind: 'accepted', ...(operationUrl === undefined ? {} : { operationUrl }) };
    },

    async getOperation(operationUrl) {
      // A stored URL gets our token only when it is ARM's own.
      if (!isOfArm(operationUrl, options)) return 'unknown';
      return read('read the operation', async () => {
        const response = await sendGet(options, clientFor(''), operationUrl);
        return toStatus(response.status, response.bodyAsText ?? '');
      });
    },
  };
}

function nameOf(id: string): ClusterName {
  const name = parseClusterId(id);
  if (!name) throw new Error(`"${id}" is not the ARM id of a managed cluster.`);
  return name;
}

function dateOf(header: string | undefined): Temporal.Instant | undefined {
  const time = Date.parse(header ?? '');
  return Number.isNaN(time) ? undefined : Temporal.Instant.fromEpochMilliseconds(time);
}
