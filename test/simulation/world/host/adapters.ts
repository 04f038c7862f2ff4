// The ARM adapters that invocations work with. Used by dependencies.ts.
import type { ArmRequest, ArmResponse } from '../../../../local/simulator/arm/armAnswer.ts';
import { createHttpClient } from '../../../../local/simulator/httpClient.ts';
import type { ArmClock } from '../../../../shared/adapters/arm/armClock.ts';
import type { Arm } from '../../../../shared/ports/arm.ts';
import type { Capacity } from '../../../../shared/ports/capacity.ts';
import type { Kubernetes } from '../../../../shared/ports/kubernetes.ts';
import { credential } from '../../../credential.ts';
import type { Invocation } from '../../record/record.ts';
import type { Code } from './code.ts';

// The adapter gives up after 30 s of the real clock, which stands still here; transport.ts counts them on the virtual one.
AbortSignal.timeout = () => new AbortController().signal;

type Adapter = {
  readonly arm: Arm;
  readonly capacity: Capacity;
  readonly kubernetes: Kubernetes;
  invocation: Invocation | undefined;
};

type Send = (invocation: Invocation, request: ArmRequest) => Promise<ArmResponse>;

/** A client is dear to make, so an adapter serves one invocation after the other; one that was lost keeps its own. */
export function createAdapters(
  code: Code,
  send: Send,
  clockOf: (invocation: Invocation) => ArmClock,
): { readonly take: (invocation: Invocation) => Omit<Adapter, 'invocation'> & { readonly release: () => void } } {
  const idle: Adapter[] = [];
  return {
    take: (invocation) => {
      const adapter = idle.pop() ?? createAdapter(code, send, clockOf);
      adapter.invocation = invocation;
      return { ...adapter, release: () => void idle.push(adapter) };
    },
  };
}

function createAdapter(code: Code, send: Send, clockOf: (invocation: Invocation) => ArmClock): Adapter {
  const azure = {
    credential,
    endpoint: 'https://management.azure.com',
    httpClient: createHttpClient((request) => send(adapter.invocation as Invocation, request)),
    armClock: {
      own: () => clockOf(adapter.invocation as Invocation).own(),
      note: (...dated: Parameters<ArmClock['note']>) => clockOf(adapter.invocation as Invocation).note(...dated),
    },
  };
  const clock = { now: () => clockOf(adapter.invocation as Invocation).now() };
  const adapter: Adapter = {
    invocation: undefined,
    arm: code.createArm(azure),
    capacity: code.createCapacity({ ...azure, clock }),
    kubernetes: code.createKubernetes({
      ...azure,
      clock,
      send: async ({ server, path, token }) => {
        const request = { method: 'GET', url: server + path, headers: { authorization: `Bearer ${token}` } };
        const { status, body, lost } = await send(adapter.invocation as Invocation, request);
        if (lost) throw Object.assign(new Error('Simulated: read ECONNRESET'), { code: 'ECONNRESET' });
        return { status, body };
      },
    }),
  };
  return adapter;
}
