// A GET of a Kubernetes API server that trusts the cluster's own certificate authority. Tests and the local run replace it.
import { Agent, request } from 'node:https';
import type { Kubeconfig } from './kubeconfig.ts';

export type KubernetesRequest = Kubeconfig & {
  readonly path: string;
  readonly token: string;
};

export type KubernetesAnswer = { readonly status: number; readonly body: string };

export type SendKubernetes = (request: KubernetesRequest) => Promise<KubernetesAnswer>;

const timeoutMilliseconds = 10_000;
const idleMilliseconds = 30_000;

export function createSendKubernetes(): SendKubernetes {
  const agents = new Map<string, Agent>();

  function agentOf({ server, certificateAuthority }: Kubeconfig): Agent {
    // By the authority too: when AKS rotates it, the old agent would refuse the new certificate.
    const key = `${server}|${certificateAuthority}`;
    const agent =
      agents.get(key) ?? new Agent({ ca: certificateAuthority, keepAlive: true, timeout: idleMilliseconds });
    agents.set(key, agent);
    return agent;
  }

  return (asked) =>
    new Promise((resolve, reject) => {
      const sent = request(
        asked.server + asked.path,
        {
          agent: agentOf(asked),
          headers: { authorization: `Bearer ${asked.token}`, accept: 'application/json' },
          signal: AbortSignal.timeout(timeoutMilliseconds),
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
          );
        },
      );
      sent.on('error', reject);
      sent.end();
    });
}
