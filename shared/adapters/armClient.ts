// The one way in which requests go to Azure Resource Manager: as whom, without retries, given up after 30 s. Used by arm.ts
// and armLists.ts.
import { ContainerServiceClient } from '@azure/arm-containerservice';
import {
  createDefaultHttpClient,
  createPipelineRequest,
  type HttpClient,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';

export type ArmOptions = {
  readonly credential: TokenCredential;
  /** `https://management.azure.com`, or a sovereign cloud's. */
  readonly endpoint: string;
  /** Only the local run and tests give one: the simulator stands there. */
  readonly httpClient?: HttpClient;
};

const requestSeconds = 30;
const defaultHttpClient = createDefaultHttpClient();

export function createArmClient(options: ArmOptions, subscription: string): ContainerServiceClient {
  return new ContainerServiceClient(options.credential, subscription, {
    endpoint: options.endpoint,
    credentials: { scopes: [`${options.endpoint}/.default`] },
    retryOptions: { maxRetries: 0 },
    httpClient: options.httpClient ?? defaultHttpClient,
  });
}

/** A GET with the client's token, whatever it answers. Ask {@link isOfArm} first where the URL is not of our own making. */
export function sendGet(options: ArmOptions, client: ContainerServiceClient, url: string): Promise<PipelineResponse> {
  const request = createPipelineRequest({ url, method: 'GET', abortSignal: timeOut() });
  return client.pipeline.sendRequest(options.httpClient ?? defaultHttpClient, request);
}

/** Our token goes to ARM's own host only. */
export function isOfArm(url: string, { endpoint }: ArmOptions): boolean {
  return URL.canParse(url) && new URL(url).host === new URL(endpoint).host;
}

export function timeOut(): AbortSignal {
  return AbortSignal.timeout(requestSeconds * 1000);
}
