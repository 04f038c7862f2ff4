// A world in which ARM shows one of two clusters otherwise than the simulator does. Used by the tests of odd answers.
import type { ArmRequest, ArmResponse } from '../../local/simulator/arm/armAnswer.ts';
import { listNodePools } from '../../shared/usecases/ask/listNodePools.ts';
import { recordObservation } from '../../shared/usecases/observe/recordObservation.ts';
import { createTestWorld, type TestWorld } from '../world.ts';
import { clusterId, clusterIdOf, fleetOf, managedCluster, poolProfile, subscription } from './fleets.ts';

export type Json = { properties: { agentPoolProfiles: Record<string, unknown>[] } & Record<string, unknown> };

const inWindow = '2026-11-03T12:30:00Z';
const beside = clusterIdOf('beside');

/** Two clusters at `start`, of which ARM shows `shop` as `change` leaves it since a pass at nine has seen both. */
export async function worldShowing(change: (shop: Json) => void, start = inWindow) {
  let isChanged = false;
  const shows = (request: ArmRequest, answer: () => ArmResponse): ArmResponse => {
    const answered = answer();
    const { pathname } = new URL(request.url);
    const isList = pathname.toLowerCase().endsWith('/managedclusters');
    if (!isChanged || request.method !== 'GET' || !(isList || pathname === clusterId)) return answered;
    const body = JSON.parse(answered.body) as Json & { value: (Json & { id: string })[] };
    const shop = isList ? body.value.find(({ id }) => id === clusterId) : body;
    if (shop) change(shop);
    return { ...answered, body: JSON.stringify(body) };
  };
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster(), managedCluster([poolProfile('apps')], { name: 'beside' })),
    start: '2026-11-03T09:00:00Z',
    subscriptions: [subscription],
    intercept: shows,
  });
  for (const id of [clusterId, beside]) await recordObservation(world.dependencies, { clusterId: id });
  await world.pass();
  isChanged = true;
  world.advance(world.clock.now().until(start));
  return world;
}

/** Changes fields of its first pool. */
export const onPool = (fields: object) => (shop: Json) =>
  void Object.assign(shop.properties.agentPoolProfiles[0] ?? {}, fields);
export const onCluster = (fields: object) => (shop: Json) => void Object.assign(shop.properties, fields);
/** The clusters on which upgrades were started, in order. */
export const startedOn = (world: TestWorld) => world.posts().map(({ url }) => /managedClusters\/(\w+)/.exec(url)?.[1]);
/** The decision on its first pool. */
export const decisionOf = async ({ dependencies }: TestWorld) =>
  (await listNodePools(dependencies, { cluster: clusterId }))[0]?.decision;
