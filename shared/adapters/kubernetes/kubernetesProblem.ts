// Why a cluster's Kubernetes API could not be read, in plain words that say what to do. Called by kubernetes.ts.
import { z } from 'zod';
import { jsonIn } from '../../domain/text/jsonIn.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { shortened } from '../../domain/text/shortened.ts';
import { ArmError } from '../../ports/arm.ts';
import type { KubernetesAnswer } from './kubernetesRequest.ts';

const Status = z.object({ message: z.string() });

export function problemOfCredential(error: unknown): string {
  if (!(error instanceof ArmError)) return `no Entra token for the AKS API server: ${messageOf(error)}`;
  if (/local accounts/i.test(error.answer)) {
    return `local accounts are disabled and the cluster has no Entra integration to ask with instead: ${error.answer}`;
  }
  return error.status === 403
    ? `no permission: the keeper's identity needs Microsoft.ContainerService/managedClusters/listClusterUserCredential/action on it (${error.answer})`
    : `ARM gave no kubeconfig: ${error.answer}`;
}

const unreachable = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH']);
const silent = new Set(['ETIMEDOUT', 'ABORT_ERR']);

export function problemOfNetwork(error: unknown, server: string): string {
  const { host } = new URL(server);
  const { code = '' } = error as { readonly code?: string };
  if (code === 'CERT_HAS_EXPIRED') {
    return `the certificate of its API server ${host} has expired: rotate the cluster's certificates (az aks rotate-certs)`;
  }
  if (/CERT|SIGNATURE|^ERR_TLS|^ERR_SSL/.test(code)) {
    return `the certificate of its API server ${host} is not to be trusted (${code}); after a rotation this mends itself within an hour`;
  }
  const isSilent = silent.has(code) || (error as { readonly name?: unknown }).name === 'TimeoutError';
  if (isSilent || unreachable.has(code)) {
    return `private or unreachable: ${host} ${isSilent ? 'did not answer' : `can't be reached (${code})`}. A private cluster, or one with authorized IP ranges, is reached only from its network`;
  }
  return `unreachable: ${host}: ${messageOf(error)}`;
}

export function problemOfAnswer({ status, body }: KubernetesAnswer, what: string): string {
  const message = Status.safeParse(jsonIn(body)).data?.message ?? '';
  const all = [status, message].filter(Boolean).join(' ');
  const said = shortened(all, 300);
  if (status === 401) {
    return `its API server does not take the keeper's Entra token; is the cluster without Entra integration? (${said})`;
  }
  if (status === 403) {
    return `no permission to list ${what}: give the keeper's identity a role on the Kubernetes API, as docs/operations.md shows (${said})`;
  }
  return `its API server could not list ${what}: ${said}`;
}
