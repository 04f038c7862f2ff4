// The app settings, read in one place and checked before anything runs.
import { z } from 'zod';
import { address, areEndpointsPrivate, isLoopback, optionalAddress } from './domain/text/address.ts';
import { isGuid } from './domain/text/guid.ts';

const connectionString = /(?:^|;)\s*(?:UseDevelopmentStorage=true|AccountName=|\w+Endpoint=)/i;

const containerPattern = /^(?:https:\/\/[^/?#@]+\/)?[a-z0-9](?:-?[a-z0-9]){2,62}$/;

// A setting may hold the value of another, a key or a password: no error repeats one, but for a short number.
const wholeNumber = (min: number, max: number, what: string) =>
  z
    .string()
    .refine((text) => /^\d{1,6}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: ({ input }) =>
        `is ${/^-?[\d.]{1,7}$/.test(String(input)) ? String(input) : 'no such number'}; give ${what}, a whole number from ${min} to ${max}`,
    })
    .transform(Number);

const ofService = (service: string) =>
  address(`the URI of the account's ${service} service`, `https://account.${service}.core.windows.net`).optional();

const Settings = z.object({
  SUBSCRIPTION_IDS: z
    .string({ error: 'is missing; give the ids of the subscriptions to keep, separated by commas' })
    .transform((text) => text.split(',').map((id) => id.trim().toLowerCase()))
    .refine((ids) => ids.every((id) => isGuid(id)), {
      error: 'is no list of GUIDs; give subscription ids (GUIDs) separated by commas',
    }),
  ARM_ENDPOINT: address("your cloud's", 'https://management.azure.com')
    .default('https://management.azure.com')
    .transform((url) => url.replace(/\/+$/, '')),
  AZURE_CLIENT_ID: z.string().optional(),
  AzureWebJobsStorage: z
    .string()
    .refine((text) => text === '' || connectionString.test(text), {
      error:
        'is no connection string; give the account\'s (az storage account show-connection-string), or "UseDevelopmentStorage=true" for Azurite',
    })
    .refine(areEndpointsPrivate, {
      error: 'has an endpoint that begins with http:, and whoever is on the way could read what is sent; give https:',
    })
    .optional(),
  AzureWebJobsStorage__accountName: z
    .string()
    .regex(/^(?:[a-z0-9]{3,24})?$/, {
      error: 'is no name of a storage account; give 3 to 24 lower-case letters and digits',
    })
    .optional(),
  AzureWebJobsStorage__blobServiceUri: ofService('blob'),
  AzureWebJobsStorage__tableServiceUri: ofService('table'),
  AzureWebJobsStorage__queueServiceUri: ofService('queue'),
  DIGEST_CONTAINER: z
    .string()
    .regex(containerPattern, {
      error:
        'is no container; give the name of a blob container, or the URL of one in another account, like https://account.blob.core.windows.net/digests',
    })
    .default('digests'),
  SHARE_FOR_OTHERS: wholeNumber(
    0,
    90,
    "the percent of AKS's request limits to leave for people and their tools",
  ).default(10),
  FACTS_MINUTES: wholeNumber(0, 1440, 'the minutes for which a pass trusts what it read before').default(5),
  GAP_MINUTES: wholeNumber(10, 1440, 'the minutes without a list after which a record has a gap').default(60),
  TOPIC_ENDPOINT: optionalAddress("the topic's endpoint", 'https://keeper.westeurope-1.eventgrid.azure.net/api/events'),
  TOPIC_KEY: z.string().optional(),
  PUBLIC_URL: optionalAddress('where people reach the keeper', 'https://keeper.azurewebsites.net'),
  /** The platform sets it, to `True`, while its authentication is on. */
  WEBSITE_AUTH_ENABLED: z.string().optional(),
  /** The platform sets it to what it calls the app; on a laptop Core Tools set it to localhost. */
  WEBSITE_HOSTNAME: z.string().optional(),
});

export type Config = ReturnType<typeof readConfig>;

/** @throws one error that names every setting that is wrong, what was found, and what to give */
export function readConfig(environment: Environment) {
  const parsed = Settings.safeParse(environment);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  const storage = readStorage(environment);
  if (!storage) {
    problems.push(
      'AzureWebJobsStorage is missing; give a connection string, or AzureWebJobsStorage__accountName for access with the identity',
    );
  }
  if (!parsed.success || !storage) {
    throw new Error(`The app settings are not valid: ${problems.join('; ')}. See local.settings.sample.json.`);
  }
  const settings = parsed.data;
  const { TOPIC_ENDPOINT: endpoint, TOPIC_KEY: key } = settings;
  return {
    subscriptions: settings.SUBSCRIPTION_IDS,
    armEndpoint: settings.ARM_ENDPOINT,
    /** Of a user-assigned identity; absent: the system-assigned one. */
    clientId: settings.AZURE_CLIENT_ID,
    storage,
    digests: digestsIn(settings.DIGEST_CONTAINER, storage),
    shareForOthers: settings.SHARE_FOR_OTHERS,
    factsMinutes: settings.FACTS_MINUTES,
    gapMinutes: settings.GAP_MINUTES,
    /** Without a key notifications are published as the identity. */
    topic: endpoint ? { endpoint, key: key || undefined } : undefined,
    /** Where clients reach the app. Absent: nobody says, and what a request says of its host may be forged. */
    publicUrl: settings.PUBLIC_URL?.replace(/\/+$/, '') ?? urlOfHost(settings.WEBSITE_HOSTNAME),
    /** Names who is signed in with App Service authentication. While that is off any caller can send it. */
    signInHeader: settings.WEBSITE_AUTH_ENABLED?.toLowerCase() === 'true' ? 'x-ms-client-principal-name' : undefined,
  };
}

function urlOfHost(hostname: string | undefined): string | undefined {
  const isName = hostname !== undefined && /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(hostname) && !isLoopback(hostname);
  return isName ? `https://${hostname}` : undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Storage =
  | { readonly connectionString: string }
  | { readonly tableServiceUri: string; readonly queueServiceUri: string; readonly blobServiceUri: string };

function readStorage(environment: Environment): Storage | undefined {
  const connectionString = environment['AzureWebJobsStorage'];
  if (connectionString) return { connectionString };
  const account = environment['AzureWebJobsStorage__accountName'];
  const uriOf = (service: 'table' | 'queue' | 'blob') =>
    environment[`AzureWebJobsStorage__${service}ServiceUri`] ??
    (account && `https://${account}.${service}.core.windows.net`);
  const [tableServiceUri, queueServiceUri, blobServiceUri] = [uriOf('table'), uriOf('queue'), uriOf('blob')];
  return tableServiceUri && queueServiceUri && blobServiceUri
    ? { tableServiceUri, queueServiceUri, blobServiceUri }
    : undefined;
}

/** In the account of the connection string, or at a URL for the identity. */
function digestsIn(container: string, storage: Storage) {
  if (container.includes('/')) return { containerUrl: container };
  if ('connectionString' in storage) return { ...storage, container };
  return { containerUrl: `${storage.blobServiceUri.replace(/\/+$/, '')}/${container}` };
}
