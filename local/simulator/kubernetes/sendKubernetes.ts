// The simulator in the place of the clusters' API servers, in process and without a socket.
import type { SendKubernetes } from '../../../shared/adapters/kubernetes/kubernetesRequest.ts';
import type { ArmRequest, ArmResponse } from '../arm/armAnswer.ts';

const timeoutSeconds = 10;

export function createKubernetesSender(handle: (request: ArmRequest) => ArmResponse): SendKubernetes {
  return async ({ server, path, token }) => {
    const {
      status,
      body,
      delaySeconds = 0,
      lost,
    } = handle({
      method: 'GET',
      url: server + path,
      headers: { authorization: `Bearer ${token}`, host: new URL(server).host },
    });
    if (lost) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    if (delaySeconds > timeoutSeconds) {
      throw Object.assign(new Error('The operation was aborted due to timeout'), { name: 'TimeoutError' });
    }
    return { status, body };
  };
}
