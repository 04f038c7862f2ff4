import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import type { ArmRequest } from '../../local/simulator/arm/armAnswer.ts';
import { createAzureTables } from '../../shared/adapters/storage/azureTables.ts';
import { listAttempts } from '../../shared/stores/starts/startsStore.ts';
import { recordObservation } from '../../shared/usecases/observe/recordObservation.ts';
import { fleetOf, managedCluster, newImage, oldImage } from '../usecases/fleets.ts';
import { createTestWorld, type TestWorld } from '../world.ts';

let azurite: Azurite;
let server: Server;
let world: TestWorld;

beforeAll(async () => {
  azurite = await startAzurite();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    response.end(JSON.stringify(world.simulator.handle(JSON.parse(await text(request)) as ArmRequest)));
  };
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  server.close();
  await azurite.stop();
});

/** A world of its own in the shared storage, with the cluster in the ledger, at a time inside its window. */
async function worldOf(subscription: string): Promise<string> {
  const cluster = managedCluster();
  const id = cluster.id.replace(/subscriptions\/[^/]+/, `subscriptions/${subscription}`);
  world = await createTestWorld({
    fleet: fleetOf({ ...cluster, id }),
    start: '2026-11-03T12:30:00Z',
    subscriptions: [subscription],
    tables: createAzureTables({ kind: 'connectionString', value: azurite.connectionString }),
  });
  await recordObservation(world.dependencies, { clusterId: id });
  return id;
}

/** Runs the start in a process that dies at the point; the signal that ended it. */
async function startAndDie(clusterId: string, point: string): Promise<NodeJS.Signals | null> {
  const { port } = server.address() as AddressInfo;
  const script = fileURLToPath(new URL('startAndDie.ts', import.meta.url));
  const now = world.clock.now().toString();
  const child = spawn(
    process.execPath,
    [script, azurite.connectionString, `http://127.0.0.1:${port}`, now, clusterId, point],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal;
}

const attempts = () => listAttempts(world.dependencies.tables);

describe('a process that dies while it starts an upgrade', () => {
  it('after the intent: nothing was sent, which the pool’s eTag proves, and the same window starts it again once', async () => {
    const id = await worldOf('11111111-0000-4000-8000-000000000001');
    expect(await startAndDie(id, 'intent')).toBe('SIGKILL');
    expect(await attempts()).toMatchObject([{ attempt: { state: 'intended' } }]);
    await world.pass();
    expect(world.posts()).toHaveLength(0);

    await world.run(60);
    expect((await world.history()).map(({ kind, outcome, from, to }) => [kind, outcome, from, to])).toEqual([
      ['transition', 'succeeded', oldImage, newImage],
      ['rolled', 'notStarted', oldImage, oldImage],
    ]);
    expect(world.posts()).toHaveLength(1);
    expect(await attempts()).toEqual([]);
  });

  it.each(['post', 'answer'])(
    'after the request (%s): it is followed to its end and never sent again',
    async (point) => {
      const id = await worldOf(`11111111-0000-4000-8000-00000000000${point === 'post' ? 2 : 3}`);
      expect(await startAndDie(id, point)).toBe('SIGKILL');
      expect(await attempts()).toMatchObject([{ attempt: { state: 'intended' } }]);

      await world.run(60);
      const history = await world.history();
      // Nobody heard ARM's answer; the Activity Log has the request under the attempt's id.
      expect(history).toMatchObject([{ from: oldImage, to: newImage, outcome: 'succeeded', cause: 'keeper' }]);
      // The one request was the dead process's.
      expect(world.posts()).toHaveLength(0);
      expect(await attempts()).toEqual([]);
    },
  );
});
