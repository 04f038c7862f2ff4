import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvent } from '../../../shared/adapters/eventGrid/eventGrid.ts';
import { clusterId } from '../../builders.ts';

const resource = `${clusterId}/agentPools/apps`;
const upn = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn';
const operationName = 'Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action';
const data = {
  authorization: { scope: resource, action: operationName },
  claims: { name: 'Ada Lovelace', [upn]: 'ada@contoso.com', appid: '04b07795' },
  correlationId: 'c-1',
  resourceUri: resource,
  operationName,
  status: 'Succeeded',
};
const properties = {
  description: 'ScheduledEvents',
  eventId: 'm-1',
  eventSource: 'AutoUprader',
  eventStatus: 'Started',
  eventDetails: 'Start to upgrade security vhd',
  scheduledTime: '2026-01-14T01:20:00.103268606Z',
  startTime: '0001-01-01T00:00:00.0000000Z',
  lastUpdateTime: '0001-01-01T00:00:00.0000000Z',
  resources: [clusterId.toLowerCase()],
  resourceType: 'ManagedCluster',
};

/** A resource event with some of its data changed, in the Event Grid schema. */
const resourceEvent = (change: object = {}, fields: object = {}) => ({
  id: 'e-1',
  topic: '/subscriptions/s',
  subject: resource,
  eventType: 'Microsoft.Resources.ResourceActionSuccess',
  eventTime: '2026-01-14T01:20:00.1234567Z',
  data: { ...data, ...change },
  dataVersion: '2',
  metadataVersion: '1',
  ...fields,
});

const scheduledEvent = (change: object = {}, fields: object = {}) => ({
  id: 'e-2',
  topic: '/subscriptions/s',
  subject: `${clusterId}/scheduledEvents/n-1`,
  eventType: 'Microsoft.ResourceNotifications.ContainerServiceEventResources.ScheduledEventEmitted',
  eventTime: '2026-01-14T01:20:00.1234567Z',
  data: {
    resourceInfo: { id: `${clusterId}/scheduledEvents/n-1`, name: 'n-1', properties: { ...properties, ...change } },
    operationalInfo: { resourceEventTime: '2026-01-14T01:20:00.1032748' },
  },
  dataVersion: '1',
  metadataVersion: '1',
  ...fields,
});

/** The same as a CloudEvent. */
function asCloudEvent({
  eventType,
  eventTime,
  topic,
  ...event
}: ReturnType<typeof resourceEvent> | ReturnType<typeof scheduledEvent>) {
  return { ...event, type: eventType, time: eventTime, source: topic, specversion: '1.0' };
}

async function evidence(event: unknown): Promise<Record<string, unknown>> {
  const read = await readEvent(event);
  return 'evidence' in read ? read.evidence : read;
}

const ada = { kind: 'person', name: 'Ada Lovelace (ada@contoso.com)', correlationId: 'c-1' };

describe('resource events', () => {
  it.each([
    ['Event Grid', resourceEvent()],
    ['CloudEvents', asCloudEvent(resourceEvent())],
    ['data as JSON text', resourceEvent({}, { data: JSON.stringify(data) })],
    ['claims as JSON text', resourceEvent({ claims: JSON.stringify(data.claims) })],
    ['the type in lower case', resourceEvent({}, { eventType: 'microsoft.resources.resourceactionsuccess' })],
    ['the resource only in its scope', resourceEvent({ resourceUri: undefined })],
    ['the resource only in the subject', resourceEvent({ resourceUri: undefined, authorization: undefined })],
  ])('are read: %s', async (_how, event) => {
    expect(await evidence(event)).toEqual({
      id: 'e-1',
      at: '2026-01-14T01:20:00.123Z',
      kind: 'operation',
      cluster: clusterId,
      nodePool: 'apps',
      operation: operationName,
      status: 'succeeded',
      actor: ada,
    });
  });

  it.each([
    ['a person by sign-in name alone', { [upn]: 'ada@contoso.com' }, { kind: 'person', name: 'ada@contoso.com' }],
    ['a person by name alone', { name: 'Ada' }, { kind: 'person', name: 'Ada' }],
    ['a person in other words', { unique_name: 'live.com#ada@x.org' }, { kind: 'person', name: 'live.com#ada@x.org' }],
    ['claims in capitals', { NAME: 'Ada', UPN: 'a@b' }, { kind: 'person', name: 'Ada (a@b)' }],
    ['an application', { appid: 'app-1', oid: 'o-1' }, { kind: 'application', name: 'app-1' }],
    [
      'an application with a name',
      { appid: 'app-1', idtyp: 'app', name: 'pipeline' },
      { kind: 'application', name: 'pipeline (app-1)' },
    ],
    ['an object id and nothing else', { oid: 'o-1' }, { kind: 'application', name: 'o-1' }],
  ])('name %s', async (_who, claims, actor) => {
    expect(await evidence(resourceEvent({ claims }))).toMatchObject({ actor: { ...actor, correlationId: 'c-1' } });
  });

  it.each([
    ['no claims', { claims: undefined }],
    ['claims that are none', { claims: 'nobody' }],
    ['empty claims', { claims: {} }],
    ['claims of another shape', { claims: [{ type: 'name', value: 'Ada' }] }],
  ])('name nobody, and are kept as they came, with %s', async (_what, change) => {
    const read = await evidence(resourceEvent(change));
    expect(read).toMatchObject({ kind: 'operation', cluster: clusterId, raw: { correlationId: 'c-1' } });
    expect(read['actor']).toBeUndefined();
  });

  it.each([
    ['Microsoft.Resources.ResourceActionFailure', 'failed'],
    ['Microsoft.Resources.ResourceWriteCancel', 'canceled'],
    ['Microsoft.Resources.ResourceWriteSuccess', 'succeeded'],
  ])('%s is %s, whatever its data says', async (eventType, status) => {
    expect(await evidence(resourceEvent({ status: 'x' }, { eventType }))).toMatchObject({ status });
  });

  it.each([
    [
      'another resource',
      { resourceUri: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/x' },
    ],
    [
      'handing out credentials',
      { operationName: 'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action' },
    ],
  ])('of %s are none of ours', async (_what, change) => {
    expect(await readEvent(resourceEvent(change))).toMatchObject({
      source: 'resourceEvents',
      irrelevant: expect.any(String),
    });
  });
});

describe('scheduled events of AKS', () => {
  it.each([
    ['Event Grid', scheduledEvent()],
    ['CloudEvents', asCloudEvent(scheduledEvent())],
    ['details as an object', scheduledEvent({ eventDetails: { message: properties.eventDetails } })],
    [
      'properties as JSON text',
      scheduledEvent({}, { data: { resourceInfo: { properties: JSON.stringify(properties) } } }),
    ],
    ['AutoUpgrader spelled right', scheduledEvent({ eventSource: 'AutoUpgrader' })],
    [
      'the older type',
      scheduledEvent({}, { eventType: 'Microsoft.ResourceNotifications.MaintenanceResources.ScheduledEventEmitted' }),
    ],
  ])('are read: %s', async (_how, event) => {
    const read = await evidence(event);
    expect({ ...read, cluster: String(read['cluster']).toLowerCase() }).toEqual({
      id: 'e-2',
      at: '2026-01-14T01:20:00.123Z',
      kind: 'scheduled',
      cluster: clusterId.toLowerCase(),
      eventId: 'm-1',
      status: 'started',
      about: 'nodeImage',
      details: 'Start to upgrade security vhd',
    });
  });

  it.each([
    ['Canceled', 'canceled'],
    ['Cancelled', 'canceled'],
    ['In Progress', 'started'],
    ['completed', 'completed'],
    ['Failed', 'failed'],
    ['Scheduled', 'scheduled'],
  ])('status %s is %s', async (eventStatus, status) => {
    expect(await evidence(scheduledEvent({ eventStatus }))).toMatchObject({ status });
  });

  it.each([
    ['AutoUpgrader', 'Upgrading the control plane to Kubernetes 1.35', 'kubernetes'],
    ['AutoUpgrader', 'Node OS upgrade', 'nodeImage'],
    ['auto-upgrader', 'Something new', 'upgrade'],
    ['Konnectivity', 'Node image of the tunnel', 'other'],
    [undefined, 'security vhd', 'other'],
  ])('of %s, "%s", are about %s', async (eventSource, eventDetails, about) => {
    expect(await evidence(scheduledEvent({ eventSource, eventDetails }))).toMatchObject({ about });
  });

  it.each([
    ['NodeOSUpgrade', 'The upgrade of your cluster has started.', 'nodeImage'],
    ['NodeOSUpgrade', 'Start to upgrade the nodes of a Kubernetes cluster', 'nodeImage'],
    ['node_os_upgrade', { message: 'It has started.' }, 'nodeImage'],
    ['K8sVersionUpgrade', 'The upgrade of your cluster has started.', 'kubernetes'],
    ['ScheduledEvents', 'SecurityVHD upgrade', 'nodeImage'],
    ['AutoUpgrade', 'The upgrade of your cluster has started.', 'upgrade'],
  ])('have their kind in the description too: %s beside %o is %s', async (description, eventDetails, about) => {
    expect(await evidence(scheduledEvent({ description, eventDetails }))).toMatchObject({ about });
  });

  it.each(['EOLNotification', 'eolNotification', 'EOL Notification'])(
    'from %s warn of an end of support, and are no upgrade whatever they say',
    async (eventSource) => {
      const said = { description: 'NodeOSUpgrade', eventDetails: 'Upgrade the node image of Kubernetes 1.33 by then' };
      expect(await evidence(scheduledEvent({ eventSource, ...said }))).toMatchObject({ about: 'other' });
    },
  );

  it('take a start that is a real time, with its zone or without', async () => {
    expect(await evidence(scheduledEvent({ startTime: '2026-01-14T01:19:00.5' }))).toMatchObject({
      startedAt: '2026-01-14T01:19:00.5Z',
    });
  });

  it.each([
    ['a status of its own', { eventStatus: 'Postponed' }],
    ['no status', { eventStatus: 7 }],
    ['an upgrade of nobody knows what', { eventDetails: undefined, description: '' }],
  ])('are kept as they came with %s', async (_what, change) => {
    expect(await evidence(scheduledEvent(change))).toMatchObject({ raw: { resourceInfo: { name: 'n-1' } } });
  });
});

it('cuts what would not fit a row, and says so', async () => {
  const { raw } = await evidence(resourceEvent({ claims: undefined, long: 'x'.repeat(50_000) }));
  expect(String(raw)).toMatch(/^\{.{7999}… \(\d+ characters\)$/);
});

it.each([
  ['id', { id: undefined }, 'id'],
  ['time', { eventTime: 'soon' }, 'time'],
  ['real time', { eventTime: '0001-01-01T00:00:00Z' }, 'time'],
])('an event without a %s is a problem of its source', async (_what, fields, problem) => {
  expect(await readEvent(resourceEvent({}, fields))).toMatchObject({
    source: 'resourceEvents',
    problem: expect.stringContaining(problem),
  });
});

it('whatever the data is, it is evidence, none of ours, or a problem', async () => {
  const anything = fc.oneof(fc.json(), fc.anything({ maxDepth: 3 }));
  await fc.assert(
    fc.asyncProperty(fc.boolean(), anything, fc.anything(), async (isResource, value, other) => {
      const event = isResource
        ? resourceEvent({ claims: value, resourceUri: other }, { subject: other })
        : scheduledEvent({ eventDetails: value, eventStatus: other, resources: value });
      const read = await readEvent(event);
      expect(['evidence', 'irrelevant', 'problem'].filter((name) => name in read)).toHaveLength(1);
    }),
  );
});
