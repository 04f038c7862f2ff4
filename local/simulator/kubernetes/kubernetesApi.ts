// The Kubernetes API of each cluster, under a path of the simulator's own: nodes, pods and PodDisruptionBudgets.
import { isObject } from '../../../shared/domain/text/anyValue.ts';
import { type Answer, ok } from '../arm/armAnswer.ts';
import { tenantId } from '../arm/resources.ts';
import { type ClusterState, findCluster, type World } from '../world/world.ts';
import { budgetsOf, podsOf } from './podsOnPools.ts';

const pathPattern = /^\/kubernetes\/(?<subscription>[^/]+)\/(?<group>[^/]+)\/(?<name>[^/]+)(?<resource>\/apis?\/.+)$/i;

/** ARM's answer with the kubeconfig, in the form that AKS writes for clusters with Entra integration. */
export function userCredentialBody(world: World, { name }: ClusterState, origin: string): object {
  const server = `${origin}/kubernetes/${name.subscription}/${encodeURIComponent(name.resourceGroup)}/${name.cluster}`;
  const user = `clusterUser_${name.resourceGroup}_${name.cluster}`;
  const kubeconfig = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${Buffer.from(world.certificateAuthority).toString('base64')}
    server: ${server}
  name: ${name.cluster}
contexts:
- context:
    cluster: ${name.cluster}
    user: ${user}
  name: ${name.cluster}
current-context: ${name.cluster}
kind: Config
preferences: {}
users:
- name: ${user}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - get-token
      - --environment
      - AzurePublicCloud
      - --server-id
      - 6dae42f8-4368-4678-94ff-3960e28e3630
      - --client-id
      - 80faf920-1908-4b52-b5ef-a8e7bedfc67a
      - --tenant-id
      - ${tenantId}
      command: kubelogin
      env: null
      provideClusterInfo: false
`;
  return { kubeconfigs: [{ name: 'clusterUser', value: Buffer.from(kubeconfig).toString('base64') }] };
}

/** Undefined for a path that is no Kubernetes API's. `unreachable`: the cluster is private, so nobody here gets through. */
export function answerKubernetes(
  world: World,
  url: URL,
  { method, isSignedIn }: { readonly method: string; readonly isSignedIn: boolean },
): Answer | 'unreachable' | undefined {
  const parts = pathPattern.exec(url.pathname)?.groups;
  if (!parts) return undefined;
  const { subscription, group = '', name, resource = '' } = parts;
  const id = `/subscriptions/${subscription}/resourceGroups/${decodeURIComponent(group)}/providers/Microsoft.ContainerService/managedClusters/${name}`;
  const cluster = findCluster(world, id);
  if (!cluster || isOutOfReach(cluster)) return 'unreachable';
  if (!isSignedIn) return failure(401, 'Unauthorized', 'Unauthorized');
  const notAllowed = 'the server does not allow this method on the resource';
  if (method !== 'GET') return failure(405, 'MethodNotAllowed', notAllowed);
  switch (resource) {
    case '/api/v1/nodes':
      return page('NodeList', nodeBodies(cluster, url.searchParams.get('labelSelector')), url);
    case '/api/v1/pods':
      return page('PodList', podBodies(world, cluster, url.searchParams.get('fieldSelector')), url);
    case '/apis/policy/v1/poddisruptionbudgets':
      return page('PodDisruptionBudgetList', budgetBodies(world, cluster), url);
    default:
      return failure(404, 'NotFound', 'the server could not find the requested resource');
  }
}

function isOutOfReach({ resource }: ClusterState): boolean {
  const { apiServerAccessProfile: access, powerState } = resource.properties;
  return (isObject(access) && access['enablePrivateCluster'] === true) || powerState?.code.toLowerCase() === 'stopped';
}

function failure(code: number, reason: string, message: string): Answer {
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code } };
}

function page(kind: string, items: readonly object[], { searchParams }: URL): Answer {
  const from = Number(searchParams.get('continue') ?? 0);
  const limit = Number(searchParams.get('limit') ?? 0) || items.length;
  const end = from + limit;
  const metadata = { resourceVersion: '1', continue: end < items.length ? String(end) : undefined };
  return ok({ kind, apiVersion: 'v1', metadata, items: items.slice(from, end) });
}

const shutDown = { key: 'node.cloudprovider.kubernetes.io/shutdown', effect: 'NoSchedule' };

/** A node that is drained and reimaged is cordoned and not Ready; a deallocated one stays, tainted. `selector` is one label=value or absent. */
function nodeBodies({ pools }: ClusterState, selector: string | null): readonly object[] {
  const [label = '', value = ''] = selector?.split('=') ?? [];
  return pools.flatMap(({ profile, nodes, deallocated }) => {
    const pool: Readonly<Record<string, string>> = { 'kubernetes.azure.com/agentpool': profile.name };
    return [...nodes, ...deallocated]
      .map(({ name, nodeImageVersion, ready }, index) => ({
        metadata: { name, labels: { ...pool, 'kubernetes.azure.com/node-image-version': nodeImageVersion } },
        spec: ready ? {} : index < nodes.length ? { unschedulable: true } : { taints: [shutDown] },
        status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
      }))
      .filter(() => selector === null || pool[label] === value);
  });
}

function podBodies(world: World, cluster: ClusterState, selector: string | null): readonly object[] {
  return podsOf(world, cluster)
    .filter(({ phase = 'Running' }) =>
      (selector?.split(',') ?? []).every((term) => {
        const [, not, wanted] = /^status\.phase(!?)=(.*)$/.exec(term) ?? [];
        return (phase === wanted) === (not === '');
      }),
    )
    .map(({ namespace, name, labels, controller, node, phase = 'Running' }) => ({
      metadata: {
        namespace,
        name,
        labels: labels ?? {},
        ownerReferences: controller && [{ ...controller, controller: true }],
      },
      spec: { nodeName: node },
      status: { phase },
    }));
}

function budgetBodies(world: World, cluster: ClusterState): readonly object[] {
  return budgetsOf(world, cluster).map(({ namespace, name, disruptionsAllowed, matchLabels }) => ({
    metadata: { namespace, name },
    spec: { selector: { matchLabels } },
    status: { disruptionsAllowed },
  }));
}
