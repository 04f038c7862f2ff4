import { describe, expect, it } from 'vitest';
import type { Capacity } from '../../../shared/ports/capacity.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { readSubscriptionFacts } from '../../../shared/stores/factsStore.ts';
import { getAttempt, listAttempts } from '../../../shared/stores/starts/startsStore.ts';
import { startAttempt } from '../../../shared/usecases/start/startAttempt.ts';
import type { TestWorld } from '../../world.ts';
import { clusterId, newImage, subscription } from '../fleets.ts';
import { decisionOf, startedOn, worldShowing } from '../worldShowing.ts';

const message = { clusterId, nodePool: 'apps', expiresAt: '2026-11-03T15:00:00Z' };

describe('a starter that breaks off', () => {
  async function worldWith(parts: { readonly capacity?: Partial<Capacity>; readonly tables?: Partial<Tables> }) {
    const world = await worldShowing(() => undefined);
    const { dependencies } = world;
    const broken = {
      ...dependencies,
      capacity: { ...dependencies.capacity, ...parts.capacity },
      tables: { ...dependencies.tables, ...parts.tables },
    };
    return { world, broken };
  }
  const verdictsOf = async (world: TestWorld) =>
    [...(await readSubscriptionFacts(world.dependencies.tables, subscription)).verdicts.values()].flat();

  it('for what nobody foresaw is decided on, logged and waited for, not tried again at every pass', async () => {
    const { world, broken } = await worldWith({
      capacity: {
        listQuotas: () => {
          throw new TypeError('x is null');
        },
      },
    });
    expect(await startAttempt(broken, message)).toEqual({ kind: 'brokenOff' });
    expect(world.posts()).toEqual([]);
    expect(await verdictsOf(world)).toMatchObject([
      { nodePool: 'apps', reason: 'retryLater', retryAt: '2026-11-03T12:40:00Z' },
    ]);
    expect(world.lines.filter((line) => line.includes(`${clusterId} broke off: x is null`))).toHaveLength(1);
    await world.pass();
    expect(await decisionOf(world)).toMatchObject({
      reason: 'retryLater',
      nextEligibleAt: '2026-11-03T12:40:00Z',
      sentence: expect.stringContaining('x is null'),
    });
    expect(startedOn(world)).toEqual(['beside']);
    // The other starter of this world is whole.
    await world.run(15);
    expect(startedOn(world)).toEqual(['beside', 'shop']);
  });

  it('after the request keeps the intent, and sends nothing more', async () => {
    const { world, broken } = await worldWith({});
    const { tables } = world.dependencies;
    const isReplace = (table: string, kind?: string) => table === 'Starts' && kind === 'replace';
    const breaking: Tables = {
      ...tables,
      write: async (table, partition, changes) => {
        if (isReplace(table, changes.at(-1)?.kind) || isReplace(table, changes[0]?.kind)) throw new Error('no table');
        return tables.write(table, partition, changes);
      },
    };
    expect(await startAttempt({ ...broken, tables: breaking }, message)).toEqual({ kind: 'brokenOff' });
    expect(startedOn(world)).toEqual(['shop']);
    expect((await getAttempt(tables, clusterId))?.attempt.state).toBe('intended');
    await world.run(60);
    expect(startedOn(world).filter((name) => name === 'shop')).toHaveLength(1);
    expect(await world.history()).toMatchObject([{ to: newImage }, { to: newImage }]);
    expect(await listAttempts(tables)).toEqual([]);
  });

  it('leaves it to the queue where storage does not take the verdict either', async () => {
    const { world, broken } = await worldWith({});
    const tables: Tables = {
      ...broken.tables,
      write: async (table) => {
        throw new Error(`no table ${table}`);
      },
    };
    await expect(startAttempt({ ...broken, tables }, message)).rejects.toThrow('no table Facts');
    expect(await verdictsOf(world)).toEqual([]);
  });

  it('does not cut short what ARM asked for before', async () => {
    const { world, broken } = await worldWith({
      capacity: {
        listQuotas: () => {
          throw new TypeError('x is null');
        },
      },
    });
    const asked = { nodePool: 'apps', reason: 'retryLater', message: 'ARM refused.', retryAt: '2026-11-03T13:30:00Z' };
    const partition = subscription.toLowerCase();
    const rowKey = `verdict|${subscription}|rg-shop|shop|apps`;
    await world.dependencies.tables.write('Facts', partition, [{ kind: 'upsert', rowKey, value: asked }]);
    await startAttempt(broken, message);
    expect(await verdictsOf(world)).toEqual([asked]);
  });
});
