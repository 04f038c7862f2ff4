// How requests go to Azure Resource Manager: to its own origin only, without retries or redirects, for 30 s at most.
import type { ContainerServiceClient } from '@azure/arm-containerservice';
import * as http from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { ArmClock } from './armClock.ts';
import { dateOf } from './armErrors.ts';

export type ArmOptions = {
  readonly credential: TokenCredential;
  readonly endpoint: string;
  /** Only the local run and tests give one: the simulator stands there. */
  readonly httpClient?: http.HttpClient;
  /** Told the Date of every answer. */
  readonly armClock?: Pick<ArmClock, 'note' | 'own'>;
};

const requestSeconds = 30;
const defaultHttpClient = http.createDefaultHttpClient();

/** The SDK is loaded with the first client. */
export function createArmClients(options: ArmOptions): (subscription: string) => Promise<ContainerServiceClient> {
  const clients = new Map<string, Promise<ContainerServiceClient>>();
  return (subscription) => {
    const client = clients.get(subscription) ?? createArmClient(options, subscription);
    clients.set(subscription, client);
    return client;
  };
}

async function createArmClient(options: ArmOptions, subscription: string): Promise<ContainerServiceClient> {
  const { ContainerServiceClient } = await import('@azure/arm-containerservice');
  const client = new ContainerServiceClient(options.credential, subscription, {
    endpoint: options.endpoint,
    credentials: { scopes: [`${options.endpoint}/.default`] },
    retryOptions: { maxRetries: 0 },
    httpClient: options.httpClient ?? defaultHttpClient,
  });
  // A redirect would send a start twice; a 3xx is an answer like any other.
  client.pipeline.removePolicy({ name: http.redirectPolicyName });
  // In the first phase, so before the token is asked for.
  client.pipeline.addPolicy(toArmOnly(options), { phase: 'Serialize' });
  if (options.armClock) client.pipeline.addPolicy(noteDate(options.armClock));
  return client;
}

/** ARM says where its next pages are; the SDK follows with our token and no time limit. */
function toArmOnly(options: ArmOptions): http.PipelinePolicy {
  return {
    name: 'toArmOnly',
    sendRequest: async (request, next) => {
      if (!isOfArm(request.url, options)) {
        const message = `the request would leave ARM: its address does not begin with ${new URL(options.endpoint).origin}`;
        throw Object.assign(new Error(message), { code: 'UnexpectedAnswer' });
      }
      request.abortSignal ??= timeOut();
      return next(request);
    },
  };
}

function noteDate(armClock: Pick<ArmClock, 'note' | 'own'>): http.PipelinePolicy {
  return {
    name: 'noteDate',
    sendRequest: async (request, next) => {
      const sentAt = armClock.own();
      const response = await next(request);
      armClock.note(dateOf(response.headers.get('date')), sentAt);
      return response;
    },
  };
}

export function sendGet(options: ArmOptions, client: ContainerServiceClient, url: string) {
  const request = http.createPipelineRequest({ url, method: 'GET', abortSignal: timeOut() });
  return client.pipeline.sendRequest(options.httpClient ?? defaultHttpClient, request);
}

/** Our token goes to ARM's own origin only, with nobody's name before the host. */
export function isOfArm(url: string, { endpoint }: ArmOptions): boolean {
  if (!URL.canParse(url)) return false;
  const { origin, username, password } = new URL(url);
  return origin === new URL(endpoint).origin && username === '' && password === '';
}

export function timeOut(): AbortSignal {
  return AbortSignal.timeout(requestSeconds * 1000);
}
