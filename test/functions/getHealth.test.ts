import { afterEach, describe, expect, it } from 'vitest';
import { handler } from '../../functions/getHealth.ts';
import { createMemoryTables } from '../../shared/adapters/storage/memoryTables.ts';
import { dependencies } from '../../shared/composition.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { writePass } from '../../shared/stores/passStore.ts';
import { checkHealth } from '../../shared/usecases/ask/checkHealth.ts';
import { at } from '../builders.ts';
import { call, composeAt, subscription } from './request.ts';

const now = '2026-11-21T12:00:00Z';
const second = '22222222-2222-4333-8444-555555555555';
const third = '33333333-2222-4333-8444-555555555555';

const healthy = { status: 200, body: { status: 'healthy' }, warnings: [] };
const unhealthy = (...warnings: readonly unknown[]) => ({ status: 503, body: { status: 'unhealthy' }, warnings });

/** What is answered by an app of these settings, and what it logs. */
async function ask(tables: Tables, subscriptions = subscription) {
  composeAt(now, tables);
  process.env['SUBSCRIPTION_IDS'] = subscriptions;
  const { status, body } = await call(handler, '/api/health');
  const warnings: string[] = [];
  const log = { info: () => undefined, warn: (line: string) => warnings.push(line) };
  await checkHealth(() => dependencies(log), log);
  return { status, body, warnings };
}

afterEach(() => {
  process.env['SUBSCRIPTION_IDS'] = subscription;
});

describe('health', () => {
  it.each([
    ['now', now, true],
    ['an hour ago', '2026-11-21T11:00:00Z', true],
    ['longer ago', '2026-11-21T10:59:59.999Z', false],
    ['long ago', '0001-01-01T00:00:00Z', false],
    ['by a clock that is a little ahead', '2026-11-21T12:10:00Z', true],
    ['by a clock that is ahead', '2026-11-21T12:10:00.001Z', false],
    ['by a clock that was 40 days ahead', '2026-12-31T12:00:00Z', false],
    ['at the end of time', '+275760-09-13T00:00:00Z', false],
    ['at no time', 'yesterday', false],
  ])('of a subscription that was planned %s', async (_when, planned, isHealthy) => {
    const tables = createMemoryTables();
    const value = { subscription, at: planned, clusters: 1 };
    await tables.write('Facts', 'passes', [{ kind: 'insert', rowKey: subscription, value }]);
    expect(await ask(tables)).toEqual(isHealthy ? healthy : unhealthy(expect.stringContaining(subscription)));
  });

  it('is 503 before the first pass, and says why in the log alone', async () => {
    expect(await ask(createMemoryTables())).toEqual(unhealthy(`Unhealthy: ${subscription} was never planned.`));
  });

  it('asks for every subscription of the settings, and for no other', async () => {
    const tables = createMemoryTables();
    await writePass(tables, { subscription, at: at(now), clusters: 1 });
    await writePass(tables, { subscription: third, at: at('2026-10-01T00:00:00Z'), clusters: 9 });
    expect(await ask(tables)).toEqual(healthy);
    const both = `${subscription}, ${second}`;
    expect(await ask(tables, both)).toEqual(unhealthy(`Unhealthy: ${second} was never planned.`));
    await writePass(tables, { subscription: second, at: at(now), clusters: 1 });
    for (const settings of [both, both.toUpperCase()]) expect(await ask(tables, settings)).toEqual(healthy);
  });

  it('is 503 while one of many was not planned for an hour, and names each that was not', async () => {
    const tables = createMemoryTables();
    await writePass(tables, { subscription, at: at(now), clusters: 1 });
    await writePass(tables, { subscription: second, at: at('2026-11-21T10:00:00Z'), clusters: 1 });
    expect(await ask(tables, [subscription, second, third].join(','))).toEqual(
      unhealthy(
        `Unhealthy: ${second} was last planned at 2026-11-21T10:00:00Z.`,
        `Unhealthy: ${third} was never planned.`,
      ),
    );
  });

  it.each([null, 'planned', 7, [[]], {}, { subscription, at: 7 }, { subscription, at: null }])(
    'is 503 where the row of the pass is %j',
    async (value) => {
      const tables = createMemoryTables();
      await tables.write('Facts', 'passes', [{ kind: 'upsert', rowKey: subscription, value }]);
      expect(await ask(tables)).toEqual(unhealthy(expect.stringContaining(subscription)));
    },
  );

  it('is 503 where a row can’t be read, but for one of no subscription of the settings', async () => {
    const tables = createMemoryTables();
    const refusal = new Error('The row holds no JSON.');
    const spoilt: Tables = {
      ...tables,
      get: (table, partition, row) => (row === second ? Promise.reject(refusal) : tables.get(table, partition, row)),
      query: async function* (table, partition, range) {
        if (partition === 'passes') throw refusal;
        yield* tables.query(table, partition, range);
      },
    };
    await writePass(spoilt, { subscription, at: at(now), clusters: 1 });
    expect(await ask(spoilt)).toEqual(healthy);
    const words = expect.stringMatching(`^Unhealthy: When ${second} .* can't be read: .* holds no JSON`);
    expect(await ask(spoilt, `${second},${subscription}`)).toEqual(unhealthy(words));
  });
});
