import { expect, it } from 'vitest';
import { createMemoryTables } from '../../shared/adapters/storage/memoryTables.ts';
import { clusterKey, subscriptionOf } from '../../shared/domain/cluster/clusterId.ts';
import { plan } from '../../shared/domain/plan/plan.ts';
import { noPolicy } from '../../shared/domain/policy/policy.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { readPoolViews, storeDecisions, toViews } from '../../shared/stores/views/decisionsStore.ts';
import { after } from '../builders.ts';
import { aClusterFacts } from '../domain/rings/aClusterFacts.ts';

it('a pass in which nothing changes writes no view, whatever the order of the fields in it', async () => {
  const tables = createMemoryTables();
  let written = 0;
  const counting: Tables = {
    ...tables,
    write: (table, partition, changes) => {
      written += changes.length;
      return tables.write(table, partition, changes);
    },
  };
  const facts = aClusterFacts();
  const subscription = subscriptionOf(clusterKey(facts.cluster.id));
  const counts: number[] = [];
  for (const minutes of [0, 5, 10]) {
    const before = await readPoolViews(tables, subscription);
    written = 0;
    await storeDecisions(
      counting,
      subscription,
      before,
      toViews(facts.cluster, plan(facts, noPolicy, after(minutes), [])),
    );
    counts.push(written);
  }
  expect(counts).toEqual([2, 0, 0]);
});
