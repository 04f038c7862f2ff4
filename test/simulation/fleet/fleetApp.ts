// The app before a fleet: the real use cases and ARM adapter, each invocation with tables that count for it. Called by runFleet.
import { Temporal } from 'temporal-polyfill';
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import { createHttpClient } from '../../../local/simulator/httpClient.ts';
import { createKubernetesSender } from '../../../local/simulator/kubernetes/sendKubernetes.ts';
import { createArm } from '../../../shared/adapters/arm/arm.ts';
import { createArmClock } from '../../../shared/adapters/arm/armClock.ts';
import { createCapacity } from '../../../shared/adapters/arm/capacity.ts';
import { createKubernetes } from '../../../shared/adapters/kubernetes/kubernetes.ts';
import { createMemoryDocuments } from '../../../shared/adapters/storage/memoryDocuments.ts';
import type { QueueName, Queues } from '../../../shared/ports/queues.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import type { Dependencies } from '../../../shared/usecases/dependencies.ts';
import { credential } from '../../credential.ts';

type AppOptions = {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly handle: (request: ArmRequest) => ArmResponse | Promise<ArmResponse>;
  readonly send: (queue: QueueName, message: unknown, delaySeconds: number) => void;
  readonly subscriptions: readonly string[];
};

// The adapter gives up after 30 s of the real clock, which says nothing here.
AbortSignal.timeout = () => new AbortController().signal;

/** @returns what an invocation works with, over tables of its own */
export function createFleetApp({ now, handle, send, subscriptions }: AppOptions): (tables: Tables) => Dependencies {
  const clock = createArmClock({ now: () => Temporal.Instant.fromEpochMilliseconds(now()) });
  const azure = {
    credential,
    endpoint: 'https://management.azure.com',
    httpClient: createHttpClient(handle),
    armClock: clock,
  };
  const queues: Queues = { countPoisoned: async () => 0, send: async (...message) => send(...message) };
  const parts = {
    clock,
    arm: createArm(azure),
    capacity: createCapacity({ ...azure, clock }),
    kubernetes: createKubernetes({
      ...azure,
      clock,
      send: createKubernetesSender(() => {
        throw new Error('No policy of this fleet has the Kubernetes API asked.');
      }),
    }),
    digests: createMemoryDocuments(),
    queues,
    log: { info: () => undefined, warn: () => undefined },
    subscriptions,
    shareForOthers: 10,
    factsMinutes: 5,
    gapMinutes: 60,
  };
  return (tables) => ({ ...parts, tables });
}
