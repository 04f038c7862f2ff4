import { Temporal } from 'temporal-polyfill';
import { afterEach, describe, expect, it } from 'vitest';
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import { createHttpClient } from '../../../local/simulator/httpClient.ts';
import { createKubernetesSender } from '../../../local/simulator/kubernetes/sendKubernetes.ts';
import { createSimulator } from '../../../local/simulator/simulator.ts';
import { makeCertificate, startSimulatorServer } from '../../../local/simulatorServer/startSimulatorServer.ts';
import { createKubernetes } from '../../../shared/adapters/kubernetes/kubernetes.ts';
import type { SendKubernetes } from '../../../shared/adapters/kubernetes/kubernetesRequest.ts';
import type { Kubernetes } from '../../../shared/ports/kubernetes.ts';
import { credential } from '../../credential.ts';
import { cluster, clusterId, oldImage, pool, simulate } from '../../local/simulator/simulatorFleet.ts';

const endpoint = 'https://management.azure.com';
const start = Temporal.Instant.from('2026-11-03T10:00:00Z');
const shop = clusterId('shop');
const kubernetes = {
  pods: [
    {
      namespace: 'shop',
      name: 'web-1',
      nodePool: 'system',
      labels: { app: 'web' },
      controller: { kind: 'ReplicaSet', name: 'web' },
    },
    { namespace: 'shop', name: 'late', nodePool: 'system', phase: 'Pending' },
  ],
  podDisruptionBudgets: [{ namespace: 'shop', name: 'web', disruptionsAllowed: 0, matchLabels: { app: 'web' } }],
} as const;

/** The adapter over the simulator; `send` or `arm` may answer in its place. */
function open(
  options: { readonly send?: SendKubernetes; readonly arm?: (request: ArmRequest) => ArmResponse | undefined } = {},
) {
  const simulated = simulate([cluster('shop', { agentPoolProfiles: [pool('system'), pool('apps')] }, { kubernetes })]);
  const requests: ArmRequest[] = [];
  const scopes: unknown[] = [];
  let now = start;
  const handle = (request: ArmRequest) => {
    requests.push(request);
    return options.arm?.(request) ?? simulated.simulator.handle(request);
  };
  const adapter = createKubernetes({
    credential: {
      getToken: async (scope) => {
        scopes.push(scope);
        return credential.getToken();
      },
    },
    endpoint,
    httpClient: createHttpClient(handle),
    clock: { now: () => now },
    send: options.send ?? createKubernetesSender(handle),
  });
  const credentialRequests = () => requests.filter(({ url }) => url.includes('listClusterUserCredential'));
  const pass = (minutes: number) => {
    now = now.add({ minutes });
  };
  return { ...simulated, adapter, requests, scopes, credentialRequests, pass };
}

describe('reads', () => {
  it('the nodes of one pool, with the image of each', async () => {
    const { adapter, scopes, requests } = open();
    const nodes = await adapter.listNodes(shop, 'system');
    expect(nodes).toMatchObject({ value: [{}, {}, {}] });
    expect(nodes).toMatchObject({
      value: [{ nodeImageVersion: oldImage, isReady: true, isCordoned: false, isQuarantined: false }, {}, {}],
    });
    expect(scopes).toContain('6dae42f8-4368-4678-94ff-3960e28e3630/.default');
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  it('a node that is being replaced as cordoned and not ready', async () => {
    const { adapter, simulator } = open();
    simulator.personUpgrades(shop, 'system');
    const nodes = await adapter.listNodes(shop, 'system');
    expect('problem' in nodes ? [] : nodes.value?.map(({ isReady, isCordoned }) => [isReady, isCordoned])).toEqual([
      [false, true],
      [true, false],
      [true, false],
    ]);
  });

  it('pods and PodDisruptionBudgets', async () => {
    const { adapter } = open();
    const web = { namespace: 'shop', name: 'web-1', phase: 'Running', controller: { kind: 'ReplicaSet', name: 'web' } };
    const late = { namespace: 'shop', name: 'late', phase: 'Pending', node: undefined };
    expect(await adapter.listPods(shop)).toMatchObject({ value: [web, late] });
    expect(await adapter.listPods(shop, 'Pending')).toMatchObject({ value: [late] });
    expect(await adapter.listPodDisruptionBudgets(shop)).toEqual({
      value: [
        {
          namespace: 'shop',
          name: 'web',
          disruptionsAllowed: 0,
          selector: { matchLabels: { app: 'web' }, matchExpressions: [] },
        },
      ],
    });
  });

  it('lists page by page', async () => {
    const asked: string[] = [];
    const { adapter } = open({
      send: async ({ path }) => {
        asked.push(path);
        const isFirst = !path.includes('continue');
        const items = [{ metadata: { name: isFirst ? 'a' : 'b' } }];
        return { status: 200, body: JSON.stringify({ items, metadata: isFirst ? { continue: 'x/y' } : {} }) };
      },
    });
    expect(await adapter.listNodes(shop, 'apps')).toMatchObject({ value: [{ name: 'a' }, { name: 'b' }] });
    expect(asked).toEqual([
      '/api/v1/nodes?labelSelector=kubernetes.azure.com%2Fagentpool%3Dapps&limit=500',
      '/api/v1/nodes?labelSelector=kubernetes.azure.com%2Fagentpool%3Dapps&limit=500&continue=x%2Fy',
    ]);
  });

  it.each([
    ['never end', (count: number) => String(count), 1000, /more than 1000 pages/],
    ['lead back', (count: number) => String(count % 2), 3, /leads back/],
  ])('gives up a list whose pages %s', async (_what, next, requests, problem) => {
    let count = 0;
    const { adapter } = open({
      send: async () => {
        count += 1;
        return { status: 200, body: JSON.stringify({ items: [], metadata: { continue: next(count) } }) };
      },
    });
    expect(await adapter.listPods(shop)).toEqual({ problem: expect.stringMatching(problem) });
    expect(count).toBe(requests);
  });

  it('takes what Kubernetes leaves out for unknown, never for good', async () => {
    const body = JSON.stringify({
      items: [
        { metadata: { name: 'bare' } },
        {
          metadata: { name: 'stuck', labels: { 'kubernetes.azure.com/upgrade-status': 'Quarantined' } },
          spec: { unschedulable: true },
          status: { conditions: [{ type: 'Ready', status: 'Unknown' }] },
        },
      ],
    });
    const { adapter } = open({ send: async () => ({ status: 200, body }) });
    expect(await adapter.listNodes(shop, 'apps')).toEqual({
      value: [
        { name: 'bare', nodeImageVersion: undefined, isReady: false, isCordoned: false, isQuarantined: false },
        { name: 'stuck', nodeImageVersion: undefined, isReady: false, isCordoned: true, isQuarantined: true },
      ],
    });
  });

  it('asks ARM for the kubeconfig once for lists that are read side by side', async () => {
    const { adapter, credentialRequests } = open();
    await Promise.all([
      adapter.listNodes(shop, 'apps'),
      adapter.listPods(shop),
      adapter.listPodDisruptionBudgets(shop),
    ]);
    expect(credentialRequests()).toHaveLength(1);
  });

  it('asks ARM for the kubeconfig once an hour, and again after a failure of the network', async () => {
    let isDown = false;
    const opened = open({
      send: async () => {
        if (isDown) throw Object.assign(new Error('down'), { code: 'ECONNREFUSED' });
        return { status: 200, body: '{"items":[]}' };
      },
    });
    const read = () => opened.adapter.listNodes(shop, 'apps');
    await read();
    opened.pass(59);
    await read();
    expect(opened.credentialRequests()).toHaveLength(1);
    opened.pass(1);
    await read();
    expect(opened.credentialRequests()).toHaveLength(2);
    isDown = true;
    await read();
    await read();
    expect(opened.credentialRequests()).toHaveLength(3);
  });
});

describe('what can’t be read is a problem in plain words', () => {
  const failing =
    (code: string, name = 'Error'): SendKubernetes =>
    async () => {
      throw Object.assign(new Error('It went wrong'), { code, name });
    };
  const answering =
    (status: number, body: unknown): SendKubernetes =>
    async () => ({ status, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const forbidden = { kind: 'Status', message: 'nodes is forbidden: User "x" cannot list resource "nodes"', code: 403 };

  it.each<[string, SendKubernetes, RegExp]>([
    ['a private cluster', failing('ENOTFOUND'), /^private or unreachable: .* can't be reached \(ENOTFOUND\)/],
    ['one that does not answer', failing('', 'TimeoutError'), /^private or unreachable: .* did not answer/],
    ['an expired certificate', failing('CERT_HAS_EXPIRED'), /has expired: rotate/],
    ['another authority', failing('SELF_SIGNED_CERT_IN_CHAIN'), /not to be trusted \(SELF_SIGNED_CERT_IN_CHAIN\)/],
    ['another name', failing('ERR_TLS_CERT_ALTNAME_INVALID'), /not to be trusted/],
    ['something else', failing('EPROTO'), /^unreachable: .*It went wrong/],
    ['no role', answering(403, forbidden), /^no permission to list nodes: .*docs\/operations\.md.*nodes is forbidden/],
    ['no Entra integration', answering(401, { message: 'Unauthorized' }), /does not take the keeper's Entra token/],
    ['a server in trouble', answering(500, 'oops'), /could not list nodes: 500/],
    ['no JSON', answering(200, '<html>'), /in a form that the keeper does not know/],
    ['no list', answering(200, { kind: 'Node' }), /in a form that the keeper does not know/],
  ])('%s', async (_what, send, problem) => {
    const { adapter } = open({ send });
    expect(await adapter.listNodes(shop, 'system')).toEqual({ problem: expect.stringMatching(problem) });
  });

  const armAnswer = (status: number, body: unknown) => (request: ArmRequest) =>
    request.url.includes('listClusterUserCredential')
      ? { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      : undefined;
  const refusal = (status: number, code: string, message: string) => armAnswer(status, { error: { code, message } });
  const kubeconfig = (text: string) =>
    armAnswer(200, { kubeconfigs: [{ name: 'clusterUser', value: Buffer.from(text).toString('base64') }] });

  it.each([
    ['may not', refusal(403, 'AuthorizationFailed', 'No.'), /no permission: .*listClusterUserCredential\/action/],
    [
      'has local accounts disabled',
      refusal(400, 'BadRequest', 'Getting static credential is not allowed because local accounts are disabled.'),
      /^local accounts are disabled/,
    ],
    ['has no cluster', refusal(404, 'ResourceNotFound', 'Gone.'), /ARM gave no kubeconfig: 404 ResourceNotFound/],
    ['is given none', armAnswer(200, { kubeconfigs: [] }), /its kubeconfig is not one/],
    ['is given something else', kubeconfig('server: http://x'), /its kubeconfig is not one/],
  ])('who asks for the kubeconfig %s', async (_what, arm, problem) => {
    const { adapter } = open({ arm });
    expect(await adapter.listPods(shop)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('no token', async () => {
    const { simulator } = simulate([cluster('shop')]);
    const adapter = createKubernetes({
      credential: {
        getToken: async (scope) => {
          if (String(scope).startsWith('6dae42f8')) throw new Error('ManagedIdentityCredential: no identity');
          return credential.getToken();
        },
      },
      endpoint,
      httpClient: createHttpClient(simulator.handle),
      clock: { now: () => start },
      send: createKubernetesSender(simulator.handle),
    });
    expect(await adapter.listNodes(shop, 'system')).toEqual({
      problem: 'no Entra token for the AKS API server: ManagedIdentityCredential: no identity',
    });
  });
});

describe('over HTTPS', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  /** The simulator on a socket, and the adapter asking it through one. `authority`: what the kubeconfig says to trust. */
  async function serve(authority?: string): Promise<Kubernetes> {
    const certificate = await makeCertificate();
    const simulator = createSimulator({
      fleet: { clusters: [cluster('shop')], releases: [], rolling: { secondsPerNode: 60 } },
      now: () => start,
      certificateAuthority: authority ?? certificate.cert,
    });
    const server = await startSimulatorServer({
      simulator,
      certificate,
      identityHeader: 'x',
      port: 0,
      now: () => start,
    });
    stops.push(server.stop);
    const httpClient = createHttpClient((request) =>
      simulator.handle({ ...request, url: request.url.replace(endpoint, server.armEndpoint) }),
    );
    return createKubernetes({ credential, endpoint, httpClient, clock: { now: () => start } });
  }

  it('trusts the cluster’s own authority', async () => {
    const adapter = await serve();
    expect(await adapter.listNodes(shop, 'system')).toMatchObject({ value: [{}, {}, {}] });
  });

  it('trusts no other', async () => {
    const adapter = await serve((await makeCertificate()).cert);
    expect(await adapter.listNodes(shop, 'system')).toEqual({ problem: expect.stringContaining('not to be trusted') });
  });

  it('tells when nobody listens any more', async () => {
    const adapter = await serve();
    for (const stop of stops.splice(0)) await stop();
    expect(await adapter.listNodes(shop, 'system')).toEqual({ problem: expect.stringMatching(/ECONNREFUSED/) });
  });
});
