// Who asks for the check of the whole record and for the index: the weekly check, and a query that finds none.
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { handler } from '../../../functions/getHistory.ts';
import { replaceParts } from '../../../shared/composition.ts';
import { readLastCheck } from '../../../shared/stores/views/checkStore.ts';
import { readComplete } from '../../../shared/stores/views/historyTerms.ts';
import { checkWeekly } from '../../../shared/usecases/report/checkWeekly.ts';
import { aTransition } from '../../builders.ts';
import { call, composeAt, subscription } from '../../functions/request.ts';
import { record } from '../../ledgers.ts';
import { createTestWorld } from '../../world.ts';
import { clusterIdOf, fleetOf } from '../fleets.ts';

const shop = clusterIdOf('shop');
const start = '2026-11-23T06:00:00Z';

it('the weekly check has the record checked, and the index made', async () => {
  const { dependencies, drain } = await createTestWorld({
    fleet: fleetOf(),
    start,
    subscriptions: [subscription],
  });
  const { tables } = dependencies;
  await record(tables, [aTransition({ cluster: shop })]);
  await tables.write('HistoryIndex', `index|${subscription}`, [
    { kind: 'upsert', rowKey: 'complete', value: 'spoilt by hand' },
  ]);
  await checkWeekly(dependencies);
  expect(await readLastCheck(tables)).toBeUndefined();
  await drain();
  expect((await readLastCheck(tables))?.checkedAt.toString()).toBe(start);
  expect(await readComplete(tables, subscription)).toMatchObject({ except: [] });
});

it('a query that finds no index asks for it once in a while', async () => {
  const tables = composeAt(start);
  const sent: unknown[] = [];
  let now = Temporal.Instant.from(start);
  const queues = { countPoisoned: async () => 0, send: async (...message: unknown[]) => void sent.push(message) };
  replaceParts({ tables, queues, clock: { now: () => now } });
  await record(tables, [aTransition({ cluster: shop, outcome: 'failed' })]);
  const ask = async (query: string) => (await call(handler, `/api/history?${query}`)).body['value'];
  expect(await ask('outcome=failed')).toHaveLength(1);
  expect(sent).toEqual([]);
  await tables.write('HistoryIndex', `index|${subscription}`, [{ kind: 'upsert', rowKey: 'complete', value: {} }]);
  for (const query of ['outcome=failed', 'cluster=s*&cause=unknown', 'outcome=failed']) {
    expect(await ask(query)).toHaveLength(1);
  }
  expect(sent).toEqual([['verify-history', { kind: 'index', subscription }, 0]]);
  now = now.add({ minutes: 21 });
  await ask('outcome=failed');
  expect(sent).toHaveLength(2);
  await ask('outcome=failed&subscription=99999999-2222-4333-8444-555555555555');
  expect(sent).toHaveLength(2);
});
