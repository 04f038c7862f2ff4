// Faults of requests under the real SDK, in process: what it makes of an answer that is lost or late.
import { ContainerServiceClient } from '@azure/arm-containerservice';
import { describe, expect, it, vi } from 'vitest';
import { createHttpClient } from '../../../local/simulator/httpClient.ts';
import { cluster, simulate, subscription } from './simulatorFleet.ts';

/** A client whose slow answers take what `delay` does. */
function slowClient(delay: (seconds: number) => Promise<void>) {
  const simulated = simulate([cluster('shop')]);
  const client = new ContainerServiceClient(
    { getToken: async () => ({ token: 'a token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
    subscription,
    { httpClient: createHttpClient(simulated.simulator.handle, delay), retryOptions: { maxRetries: 0 } },
  );
  return { ...simulated, client };
}

describe('the SDK', () => {
  it('sees a reset where an answer is lost, and the upgrade runs', async () => {
    const { client, simulator } = simulate([cluster('shop')]);
    simulator.inject({ kind: 'lostAnswer', on: { method: 'POST' } });
    const poller = client.agentPools.upgradeNodeImageVersion('rg-shop', 'shop', 'system');
    await expect(poller.submitted()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(simulator.progress()).toHaveLength(1);
  });

  it('waits for a slow answer', async () => {
    const waits: number[] = [];
    const { client, simulator } = slowClient(async (seconds) => void waits.push(seconds));
    simulator.inject({ kind: 'slowAnswer', seconds: 20 });
    expect(await client.managedClusters.get('rg-shop', 'shop')).toMatchObject({ name: 'shop' });
    expect(waits).toEqual([20]);
  });

  it('gives up a slow answer, and the upgrade runs', async () => {
    const { client, simulator } = slowClient(() => new Promise(() => undefined));
    simulator.inject({ kind: 'slowAnswer', seconds: 60, on: { method: 'POST' } });
    const abort = new AbortController();
    const poller = client.agentPools.upgradeNodeImageVersion('rg-shop', 'shop', 'system', {
      abortSignal: abort.signal,
    });
    const submitted = expect(poller.submitted()).rejects.toMatchObject({ name: 'AbortError' });
    await vi.waitFor(() => expect(simulator.progress()).toHaveLength(1));
    abort.abort();
    await submitted;
  });
});
