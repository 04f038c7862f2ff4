import { describe, expect, it } from 'vitest';
import { readPasses } from '../../../shared/stores/passStore.ts';
import { checkHealth } from '../../../shared/usecases/ask/checkHealth.ts';
import { createTestWorld } from '../../world.ts';
import { fleetOf, managedCluster, subscription } from '../fleets.ts';

const start = '2026-11-03T08:00:00Z';
const silent = { info: () => undefined, warn: () => undefined };

describe('a pass', () => {
  it('leaves word of itself, of the first one without access too', async () => {
    let isDenied = true;
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start,
      subscriptions: [subscription],
      intercept: (_request, answer) =>
        isDenied
          ? { status: 403, headers: {}, body: '{"error":{"code":"AuthorizationFailed","message":"No."}}' }
          : answer(),
    });
    await world.pass();
    expect(await readPasses(world.dependencies.tables)).toMatchObject([
      { subscription, at: start, clusters: 0, problem: expect.stringContaining('403 AuthorizationFailed') },
    ]);
    isDenied = false;
    world.advance({ minutes: 5 });
    await world.pass();
    const [pass] = await readPasses(world.dependencies.tables);
    const at = '2026-11-03T08:05:00Z';
    expect(pass).toEqual({ subscription, at, clusters: 1, listedAt: at });
  });

  it('that has not come for an hour, or never, is unhealthy', async () => {
    const world = await createTestWorld({ fleet: fleetOf(managedCluster()), start, subscriptions: [subscription] });
    const health = () => checkHealth(() => world.dependencies, silent);
    expect(await health()).toBe('unhealthy');
    await world.pass();
    world.advance({ minutes: 60 });
    expect(await health()).toBe('healthy');
    world.advance({ seconds: 1 });
    expect(await health()).toBe('unhealthy');
  });

  it('health says unhealthy when the settings are wrong', async () => {
    const broken = () => {
      throw new Error('SUBSCRIPTION_IDS is missing');
    };
    expect(await checkHealth(broken, silent)).toBe('unhealthy');
  });
});
