import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../shared/config.ts';

const good = {
  SUBSCRIPTION_IDS: 'AAAAAAAA-0000-4000-8000-000000000001, aaaaaaaa-0000-4000-8000-000000000002',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
};

describe('app settings', () => {
  it('are few, and have defaults', () => {
    expect(readConfig(good)).toEqual({
      subscriptions: ['aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002'],
      armEndpoint: 'https://management.azure.com',
      clientId: undefined,
      storage: { connectionString: 'UseDevelopmentStorage=true' },
      digests: { connectionString: 'UseDevelopmentStorage=true', container: 'digests' },
      shareForOthers: 10,
      factsMinutes: 5,
      gapMinutes: 60,
    });
  });

  it('take a sovereign cloud, and storage by identity', () => {
    const { AzureWebJobsStorage: _, ...rest } = good;
    const config = readConfig({
      ...rest,
      ARM_ENDPOINT: 'https://management.usgovcloudapi.net/',
      AzureWebJobsStorage__accountName: 'keeper',
    });
    expect(config.armEndpoint).toBe('https://management.usgovcloudapi.net');
    expect(config.storage).toEqual({
      tableServiceUri: 'https://keeper.table.core.windows.net',
      queueServiceUri: 'https://keeper.queue.core.windows.net',
      blobServiceUri: 'https://keeper.blob.core.windows.net',
    });
    expect(config.digests).toEqual({ containerUrl: 'https://keeper.blob.core.windows.net/digests' });
  });

  it.each<[string, object, object]>([
    [
      'a container of another name',
      { DIGEST_CONTAINER: 'keeper-digests' },
      { connectionString: 'UseDevelopmentStorage=true', container: 'keeper-digests' },
    ],
    [
      'a container of an account of its own',
      { DIGEST_CONTAINER: 'https://evidence.blob.core.windows.net/keeper' },
      { containerUrl: 'https://evidence.blob.core.windows.net/keeper' },
    ],
    [
      'a sovereign cloud’s blobs, for the identity',
      {
        AzureWebJobsStorage: undefined,
        AzureWebJobsStorage__accountName: 'keeper',
        AzureWebJobsStorage__blobServiceUri: 'https://keeper.blob.core.usgovcloudapi.net/',
      },
      { containerUrl: 'https://keeper.blob.core.usgovcloudapi.net/digests' },
    ],
  ])('say where the digests are: %s', (_what, change, expected) => {
    expect(readConfig({ ...good, ...change }).digests).toEqual(expected);
  });

  it('take a topic with a key or without, and an address for links', () => {
    const endpoint = 'https://keeper.westeurope-1.eventgrid.azure.net/api/events';
    const withTopic = { ...good, TOPIC_ENDPOINT: endpoint, PUBLIC_URL: 'https://keeper.example/' };
    expect(readConfig(withTopic)).toMatchObject({
      topic: { endpoint, key: undefined },
      publicUrl: 'https://keeper.example',
    });
    expect(readConfig({ ...withTopic, TOPIC_KEY: 'k' }).topic).toEqual({ endpoint, key: 'k' });
    expect(readConfig({ ...good, TOPIC_ENDPOINT: '', PUBLIC_URL: '' }).topic).toBeUndefined();
  });

  it.each([
    ['True', 'x-ms-client-principal-name'],
    ['true', 'x-ms-client-principal-name'],
    ['False', undefined],
    ['1', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('believe a header about who calls only with the platform’s authentication on: %j', (found, expected) => {
    expect(readConfig({ ...good, WEBSITE_AUTH_ENABLED: found }).signInHeader).toBe(expected);
  });

  it('the sample is complete', () => {
    const sample = JSON.parse(readFileSync(new URL('../local.settings.sample.json', import.meta.url), 'utf8'));
    expect(() => readConfig(sample.Values)).not.toThrow();
  });

  it.each([
    ['no subscriptions', { SUBSCRIPTION_IDS: undefined }, 'SUBSCRIPTION_IDS is missing; give the ids'],
    [
      'a name for a subscription',
      { SUBSCRIPTION_IDS: 'prod' },
      'SUBSCRIPTION_IDS is no list of GUIDs; give subscription',
    ],
    ['an endpoint that is no URL', { ARM_ENDPOINT: 'azure' }, 'ARM_ENDPOINT is no URL; give your cloud'],
    ['a share that is no number', { SHARE_FOR_OTHERS: 'all' }, 'SHARE_FOR_OTHERS is no such number; give the percent'],
    ['a share that leaves nothing', { SHARE_FOR_OTHERS: '100' }, 'SHARE_FOR_OTHERS is 100; give the percent'],
    [
      'no container',
      { DIGEST_CONTAINER: 'Digests' },
      'DIGEST_CONTAINER is no container; give the name of a blob container',
    ],
    ['a container with a token', { DIGEST_CONTAINER: 'https://a/digests?sig=x' }, 'DIGEST_CONTAINER is no container'],
    ['a topic by its name', { TOPIC_ENDPOINT: 'keeper' }, 'TOPIC_ENDPOINT is no URL; give the topic'],
    ['no storage', { AzureWebJobsStorage: undefined }, 'AzureWebJobsStorage is missing; give a connection string'],
    ['a key for storage', { AzureWebJobsStorage: 'c2VjcmV0' }, 'AzureWebJobsStorage is no connection string; give'],
  ])('%s: one message that names the setting and what to give', (_what, change, message) => {
    expect(() => readConfig({ ...good, ...change })).toThrow(message);
  });

  const secret = 'hunter2+c2VjcmV0/sig=';
  const names = [
    'SUBSCRIPTION_IDS',
    'ARM_ENDPOINT',
    'AzureWebJobsStorage',
    'AzureWebJobsStorage__accountName',
    'AzureWebJobsStorage__blobServiceUri',
    'AzureWebJobsStorage__tableServiceUri',
    'AzureWebJobsStorage__queueServiceUri',
    'DIGEST_CONTAINER',
    'SHARE_FOR_OTHERS',
    'FACTS_MINUTES',
    'GAP_MINUTES',
    'TOPIC_ENDPOINT',
    'PUBLIC_URL',
  ];

  it.each(
    names.flatMap((name) =>
      [secret, `https://keeper:${secret}@host/x`, `http://host/?sig=${secret}`, `AccountKey=${secret}`].map(
        (value) => [name, value] as const,
      ),
    ),
  )('never repeat what %s holds: %s', (name, value) => {
    const read = () => readConfig({ ...good, [name]: value });
    expect(read).toThrow(`${name} `);
    expect(read).not.toThrow('hunter2');
  });

  const store = 'AccountName=keeper;AccountKey=aGk=;EndpointSuffix=core.windows.net';
  it.each([
    ['ARM_ENDPOINT', 'http://management.azure.com'],
    ['TOPIC_ENDPOINT', 'http://keeper.eventgrid.azure.net/api/events'],
    ['TOPIC_ENDPOINT', 'http://127.0.0.1.evil.example/'],
    ['TOPIC_ENDPOINT', 'http://localhost@evil.example/'],
    ['PUBLIC_URL', 'http://keeper.example'],
    ['AzureWebJobsStorage__tableServiceUri', 'http://keeper.table.core.windows.net'],
    ['AzureWebJobsStorage', `DefaultEndpointsProtocol=http;${store}`],
    ['AzureWebJobsStorage', `BlobEndpoint=http://10.0.0.1/;${store}`],
    ['AzureWebJobsStorage', 'UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://azurite'],
  ])('%s is not sent to by http: %s', (name, value) => {
    expect(() => readConfig({ ...good, [name]: value })).toThrow(new RegExp(`${name} (begins with|has an endpoint)`));
  });

  it.each([
    ['ARM_ENDPOINT', 'http://localhost:8080'],
    ['TOPIC_ENDPOINT', 'http://[::1]:8080/api/events'],
    ['PUBLIC_URL', 'http://127.0.0.1:7071'],
    ['AzureWebJobsStorage', `DefaultEndpointsProtocol=https;${store}`],
    [
      'AzureWebJobsStorage',
      `DefaultEndpointsProtocol=http;${store};BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:2/a;TableEndpoint=http://127.0.0.1:3/a`,
    ],
  ])('%s may stay within this machine: %s', (name, value) => {
    expect(() => readConfig({ ...good, [name]: value })).not.toThrow();
  });

  it.each([
    ['keeper.azurewebsites.net', '', 'https://keeper.azurewebsites.net'],
    ['keeper.azurewebsites.net', 'https://keeper.example/x/', 'https://keeper.example/x'],
    ['localhost:7071', '', undefined],
    ['evil.example/x', '', undefined],
    [undefined, undefined, undefined],
  ])('links begin with the platform’s name %j, or PUBLIC_URL %j', (hostname, publicUrl, expected) => {
    const config = readConfig({ ...good, WEBSITE_HOSTNAME: hostname, PUBLIC_URL: publicUrl });
    expect(config.publicUrl).toBe(expected);
  });

  it('name every problem at once', () => {
    expect(() => readConfig({})).toThrow(/SUBSCRIPTION_IDS.*AzureWebJobsStorage.*local\.settings\.sample\.json/);
  });
});
