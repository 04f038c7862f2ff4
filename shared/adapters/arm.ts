// Azure Resource Manager through @azure/arm-containerservice: the only place where that SDK appears.
import { ContainerServiceClient, type ContainerServiceClientOptionalParams } from '@azure/arm-containerservice';
import { createDefaultHttpClient, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { Temporal } from 'temporal-polyfill';
import type { OperationStatus } from '../domain/attempt.ts';
import { type ClusterName, parseClusterId } from '../domain/cluster.ts';
import { type Arm, ArmError, type StartAnswer } from '../ports.ts';
import { toCluster } from './armCluster.ts';

export type ArmOptions = {
  readonly credential: TokenCredential;
  /** `https://management.azure.com`, or a sovereign cloud's. */
  readonly endpoint: string;
  /** Only the local run and tests give one: the simulator stands there. */
  readonly httpClient?: HttpClient;
};

/** What a callback of the SDK sees of a response. */
type RawResponse = {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly bodyAsText?: string | null | undefined;
};

const requestSeconds = 30;
const windowName = 'aksManagedNodeOSUpgradeSchedule';

/**
 * The adapter never retries by itself: a retried POST could start twice, and a read that fails is read again by the
 * next message or pass. Every request is given up after 30 s.
 */
export function createArm(options: ArmOptions): Arm {
  const clients = new Map<string, ContainerServiceClient>();
  const httpClient = options.httpClient ?? createDefaultHttpClient();

  function clientFor(subscription: string): ContainerServiceClient {
    const known = clients.get(subscription);
    if (known) return known;
    const settings: ContainerServiceClientOptionalParams = {
      endpoint: options.endpoint,
      credentials: { scopes: [`${options.endpoint}/.default`] },
      retryOptions: { maxRetries: 0 },
      httpClient,
    };
    const client = new ContainerServiceClient(options.credential, subscription, settings);
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
      if (!URL.canParse(operationUrl) || new URL(operationUrl).host !== new URL(options.endpoint).host) {
        return 'unknown';
      }
      return read('read the operation', async () => {
        const { pipeline } = clientFor('');
        const request = createPipelineRequest({ url: operationUrl, method: 'GET', abortSignal: timeOut() });
        const response = await pipeline.sendRequest(httpClient, request);
        return toStatus(response.status, response.bodyAsText ?? '');
      });
    },
  };
}

function timeOut(): AbortSignal {
  return AbortSignal.timeout(requestSeconds * 1000);
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

/** The parts of the SDK's errors that are read here. */
type SdkError = {
  readonly statusCode?: number | string;
  readonly code?: string;
  readonly message?: string;
  readonly response?: RawResponse;
};

async function read<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    throw toArmError(what, cause);
  }
}

async function readOrAbsent<T>(what: string, request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (cause) {
    if (statusOf(cause) === 404) return undefined;
    throw toArmError(what, cause);
  }
}

function statusOf(error: unknown): number | undefined {
  const { statusCode, response } = error as SdkError;
  const status = Number(statusCode ?? response?.status);
  return Number.isInteger(status) ? status : undefined;
}

function toArmError(what: string, cause: unknown): ArmError {
  if (cause instanceof ArmError) return cause;
  const { code, message, response } = cause as SdkError;
  const status = statusOf(cause);
  const retryAfterSeconds = retryAfterOf(response);
  return new ArmError(what, {
    ...(status === undefined ? {} : { status }),
    code: code ?? 'Unreachable',
    ...(message === undefined ? {} : { message }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    cause,
  });
}

function retryAfterOf(response: RawResponse | undefined): number | undefined {
  const seconds = Number(response?.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

/** 4xx is ARM's no. Anything else (5xx, a reset, a time-out) may have been taken. 408 is the service's own time-out. */
function toRefusal(error: unknown, answer: RawResponse | undefined): StartAnswer {
  const { code, message, response } = error as SdkError;
  const status = answer?.status ?? statusOf(error);
  const text = message ?? String(error);
  if (status === undefined || status < 400 || status >= 500 || status === 408)
    return { kind: 'unclear', message: text };
  const retryAfterSeconds = retryAfterOf(answer ?? response);
  return {
    kind: 'refused',
    status,
    code: code ?? 'Unknown',
    message: text,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/** Azure-AsyncOperation answers 200 with a status; Location 202 while it runs; an operation that ARM forgot is 404. */
function toStatus(httpStatus: number, text: string): OperationStatus {
  if (httpStatus === 202) return 'inProgress';
  if (httpStatus === 404) return 'unknown';
  if (httpStatus === 204) return 'succeeded';
  if (httpStatus !== 200) throw new ArmError('read the operation', { status: httpStatus, code: 'OperationStatus' });
  switch (statusIn(text)) {
    // A Location URL answers the resource itself, without a status, once the operation has ended well.
    case undefined:
    case 'succeeded':
      return 'succeeded';
    case 'failed':
      return 'failed';
    case 'canceled':
    case 'cancelled':
      return 'canceled';
    case 'unknown':
      return 'unknown';
    default:
      return 'inProgress';
  }
}

function statusIn(text: string): string | undefined {
  try {
    const { status } = JSON.parse(text) as { status?: unknown };
    return typeof status === 'string' ? status.toLowerCase() : undefined;
  } catch {
    return 'unknown';
  }
}
