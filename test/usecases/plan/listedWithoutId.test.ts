// What ARM lists without the id of a cluster is nobody's: it is said, and every other cluster is planned.
import { expect, it } from 'vitest';
import { readPass } from '../../../shared/stores/passStore.ts';
import { clusterId, subscription } from '../fleets.ts';
import { decisionOf, startedOn, worldShowing } from '../worldShowing.ts';

it.each([
  ['no id', undefined],
  ['an id that leads up', clusterId.replace('/managedClusters/', '/managedClusters/..%2f')],
  ['an id of another thing', '/subscriptions/x'],
])('%s is said in the log and in the pass, and stops no other cluster', async (_what, id) => {
  const world = await worldShowing((shop) => {
    Object.assign(shop, { id });
  });
  const { length } = world.lines;
  await world.pass();
  const said = `1 listed without the id of a cluster: ${id === undefined ? 'missing' : JSON.stringify(id)}`;
  expect(world.lines.slice(length).join('\n')).toContain(said);
  expect(await readPass(world.dependencies.tables, subscription)).toMatchObject({
    value: { problem: said, clusters: 1 },
  });
  expect(startedOn(world)).toEqual(['beside']);
  expect(await decisionOf(world)).toBeDefined();
});
