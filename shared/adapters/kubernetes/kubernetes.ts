// The Kubernetes API of the clusters: kubeconfig from ARM, token from Entra. Called by proof, progress and preflight through its port.
import { z } from 'zod';
import { clusterKey, clusterNameOf } from '../../domain/cluster/clusterId.ts';
import { jsonIn } from '../../domain/text/jsonIn.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import type { Read } from '../../domain/text/read.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Kubernetes } from '../../ports/kubernetes.ts';
import { allPages, listTimeOut, type ReadPage } from '../arm/allPages.ts';
import { type ArmOptions, createArmClients, timeOut } from '../arm/armClient.ts';
import { read } from '../arm/armErrors.ts';
import { keptFor } from '../arm/keptFor.ts';
import { type Kubeconfig, readKubeconfig } from './kubeconfig.ts';
import { problemOfAnswer, problemOfCredential, problemOfNetwork } from './kubernetesProblem.ts';
import { createSendKubernetes, type KubernetesRequest, type SendKubernetes } from './kubernetesRequest.ts';
import { NodeShape, PodDisruptionBudgetShape, PodShape } from './kubernetesShapes.ts';

/** The Entra application that every AKS API server is: AKS-FACTS section 9. */
const scope = '6dae42f8-4368-4678-94ff-3960e28e3630/.default';

/** It costs a request of AKS's smallest bucket, and changes when certificates are rotated. */
const kubeconfigKeptMinutes = 60;
const pageSize = 500;

/** @param options.send only the local run and tests give one */
export function createKubernetes(
  options: ArmOptions & { readonly clock: Clock; readonly send?: SendKubernetes },
): Kubernetes {
  const send = options.send ?? createSendKubernetes();
  const clientFor = createArmClients(options);
  const kept = keptFor<Kubeconfig | undefined>(kubeconfigKeptMinutes, options.clock);

  async function askFor(clusterId: string): Promise<Kubeconfig | undefined> {
    const { subscription, resourceGroup, cluster } = clusterNameOf(clusterId);
    const { managedClusters } = await clientFor(subscription);
    const { kubeconfigs } = await read(`give the kubeconfig of ${clusterId}`, () =>
      managedClusters.listClusterUserCredentials(resourceGroup, cluster, { abortSignal: timeOut() }),
    );
    return readKubeconfig(Buffer.from(kubeconfigs?.[0]?.value ?? []).toString('utf8'));
  }

  async function list<T>(
    clusterId: string,
    path: string,
    query: Readonly<Record<string, string>>,
    item: z.ZodType<T>,
  ): Promise<Read<readonly T[]>> {
    const key = clusterKey(clusterId);
    let kubeconfig: Kubeconfig | undefined;
    let token: string | undefined;
    try {
      kubeconfig = await kept.get(key, () => askFor(clusterId));
      token = (await options.credential.getToken(scope))?.token;
    } catch (error) {
      return { problem: problemOfCredential(error) };
    }
    if (!kubeconfig) {
      kept.drop(key);
      return { problem: 'its kubeconfig is not one of a single cluster over https' };
    }
    if (token === undefined) return { problem: problemOfCredential('the credential has none') };

    try {
      const first = `${path}?${new URLSearchParams({ ...query, limit: String(pageSize) }).toString()}`;
      const what = path.slice(path.lastIndexOf('/') + 1);
      const pages = pagesOf(clusterId, { ...kubeconfig, path: first, token }, what, item);
      return { value: await allPages(pages, listTimeOut()) };
    } catch (error) {
      return { problem: messageOf(error) };
    }
  }

  function pagesOf<T>(clusterId: string, first: KubernetesRequest, what: string, item: z.ZodType<T>): ReadPage<T> {
    const PageShape = z.object({
      items: z.array(item),
      metadata: z.object({ continue: z.string().nullish() }).nullish(),
    });
    return async (next) => {
      const path = next ? `${first.path}&continue=${encodeURIComponent(next)}` : first.path;
      const answer = await send({ ...first, path }).catch((cause: unknown) => {
        kept.drop(clusterKey(clusterId));
        throw new Error(problemOfNetwork(cause, first.server), { cause });
      });
      if (answer.status !== 200) throw new Error(problemOfAnswer(answer, what));
      const page = PageShape.safeParse(jsonIn(answer.body));
      if (!page.success) throw new Error(`its API server listed ${what} in a form that the keeper does not know`);
      return { items: page.data.items, next: page.data.metadata?.continue };
    };
  }

  return {
    listNodes: (clusterId, nodePool) => {
      const labelSelector = `kubernetes.azure.com/agentpool=${nodePool}`;
      return list(clusterId, '/api/v1/nodes', { labelSelector }, NodeShape);
    },
    listPodDisruptionBudgets: (clusterId) =>
      list(clusterId, '/apis/policy/v1/poddisruptionbudgets', {}, PodDisruptionBudgetShape),
    listPods: (clusterId, phase) => {
      const running = 'status.phase!=Succeeded,status.phase!=Failed';
      const fieldSelector = phase === undefined ? running : `status.phase=${phase}`;
      return list(clusterId, '/api/v1/pods', { fieldSelector }, PodShape);
    },
  };
}
