// A process that starts an upgrade and is killed at a point of it. Run by crash.test.ts:
//   node startAndDie.ts <storage connection> <url of the simulator> <now> <clusterId> <intent|post|answer>
import { Temporal } from 'temporal-polyfill';
import { createHttpClient } from '../../local/simulator/httpClient.ts';
import { createArm } from '../../shared/adapters/arm/arm.ts';
import { createCapacity } from '../../shared/adapters/arm/capacity.ts';
import { createKubernetes } from '../../shared/adapters/kubernetes/kubernetes.ts';
import { createAzureTables } from '../../shared/adapters/storage/azureTables.ts';
import { createMemoryDocuments } from '../../shared/adapters/storage/memoryDocuments.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { startAttempt } from '../../shared/usecases/start/startAttempt.ts';

const [connection = '', simulator = '', now = '', clusterId = '', point = ''] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');
const azure = createAzureTables({ kind: 'connectionString', value: connection });

const tables: Tables = {
  ...azure,
  write: async (table, partition, changes) => {
    const isIntent = table === 'Starts' && changes[0]?.kind === 'insert';
    const isAnswer = table === 'Starts' && changes[0]?.kind === 'replace';
    if (isAnswer && point === 'answer') die();
    const written = await azure.write(table, partition, changes);
    if (isIntent && point === 'intent') die();
    return written;
  },
};

const httpClient = createHttpClient(async (request) => {
  const response = await fetch(simulator, { method: 'POST', body: JSON.stringify(request) });
  const answer = (await response.json()) as { status: number; headers: Record<string, string>; body: string };
  if (request.method === 'POST' && point === 'post') die();
  return answer;
});

const clock = { now: () => Temporal.Instant.from(now) };
const resourceManager = {
  credential: { getToken: async () => ({ token: 'test', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
  endpoint: 'https://management.azure.com',
  httpClient,
};
const result = await startAttempt(
  {
    clock,
    arm: createArm(resourceManager),
    capacity: createCapacity({ ...resourceManager, clock }),
    kubernetes: createKubernetes({ ...resourceManager, clock }),
    tables,
    digests: createMemoryDocuments(),
    queues: { countPoisoned: async () => 0, send: async () => undefined },
    log: { info: () => undefined, warn: () => undefined },
    subscriptions: [],
    shareForOthers: 10,
    factsMinutes: 5,
    gapMinutes: 60,
  },
  { clusterId, nodePool: 'apps', expiresAt: Temporal.Instant.from(now).add({ minutes: 5 }).toString() },
);
console.log(JSON.stringify(result));
