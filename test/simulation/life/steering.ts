// What owners do meanwhile: policies, holds, approvals, through the stores that the API writes to. Called by life.ts.
import { drawPolicy, oneAtATime } from '../draw/drawPolicy.ts';
import { ringNames } from '../draw/drawRings.ts';
import type { Draw } from '../draw/seed.ts';
import { isNewer } from '../judge/own/images.ts';
import {
  approve,
  instantOf,
  lift,
  liftAll,
  newest,
  type Owners,
  releaseOf,
  revoke,
  setHold,
  setPolicy,
} from './owners.ts';

const hour = 3_600_000;
const approvers = ['ann', 'pat', 'Pat', 'bob'];

export type Steering = {
  /** Does what the draw says; answers with it in words. */
  readonly act: (draw: Draw) => Promise<string>;
  /** The same, about a pool that the keeper is about to start. */
  readonly meddle: (draw: Draw, cluster: string, nodePool: string) => Promise<string>;
  readonly setPolicy: (policy: unknown) => Promise<string>;
  readonly liftAll: () => Promise<string>;
  /** Approves the newest image of every family, out by tomorrow, for every ring of the base. */
  readonly approveAll: (by: string) => Promise<string>;
};

export function createSteering(options: Omit<Owners, 'made'>): Steering {
  const owners: Owners = { ...options, made: 0 };
  return {
    act: (draw) => draw.pick(acts)(owners, draw),
    meddle: (draw, cluster, nodePool) => meddle(owners, draw, cluster, nodePool),
    setPolicy: (policy) => setPolicy(owners, policy),
    liftAll: () => liftAll(owners),
    approveAll: (by) => approveAll(owners, by),
  };
}

type DrawAct = (owners: Owners, draw: Draw) => Promise<string>;

const anyPolicy: DrawAct = (owners, draw) => {
  const day = instantOf(owners).toString().slice(0, 10);
  return setPolicy(owners, drawPolicy(draw, owners.base, day), draw.chance(0.3));
};

const approveOne: DrawAct = (owners, draw) => {
  const image = newest(owners, draw);
  const release = draw.chance(0.25) ? image : releaseOf(image);
  return approve(owners, draw.pick(ringNames), release, draw.pick(approvers));
};

const holdSomething: DrawAct = (owners, draw) => setHold(owners, draw, drawScope(owners, draw), draw.pick(approvers));
const setOneAtATime: DrawAct = (owners) => setPolicy(owners, oneAtATime(owners.base));

/** Common acts stand more than once. */
const acts: readonly DrawAct[] = [
  anyPolicy,
  anyPolicy,
  setOneAtATime,
  (owners) => setPolicy(owners, owners.base),
  holdSomething,
  holdSomething,
  lift,
  lift,
  approveOne,
  approveOne,
  revoke,
  revoke,
];

function meddle(owners: Owners, draw: Draw, cluster: string, nodePool: string): Promise<string> {
  const act = draw.pick<DrawAct>([
    draw.pick(acts),
    () => setHold(owners, draw, { scope: 'nodePool', cluster, nodePool }, draw.pick(approvers)),
    () => setHold(owners, draw, { scope: 'cluster', cluster }, draw.pick(approvers)),
    setOneAtATime,
    revoke,
  ]);
  return act(owners, draw);
}

function drawScope(owners: Owners, draw: Draw): object {
  const { id, properties } = draw.pick(owners.fleet.clusters);
  const name = id.slice(id.lastIndexOf('/') + 1);
  const cluster = draw.pick([name, id.toLowerCase(), name.toUpperCase(), `${name.slice(0, -1)}?`]);
  const nodePool = draw.pick(properties.agentPoolProfiles ?? [])?.name ?? 'pool*';
  const image = newest(owners, draw);
  return draw.pick<object>([
    { scope: 'fleet' },
    { scope: 'ring', ring: draw.pick(ringNames) },
    { scope: 'ring', ring: draw.pick(ringNames).toUpperCase() },
    { scope: 'cluster', cluster },
    { scope: 'nodePool', cluster, nodePool: draw.pick([nodePool, `${nodePool.slice(0, 3)}*`]) },
    { scope: 'release', release: draw.pick([releaseOf(image), image, 'AKSUbuntu-*']) },
  ]);
}

async function approveAll(owners: Owners, by: string): Promise<string> {
  const tomorrow = owners.now() + 24 * hour;
  const out = owners.fleet.releases.filter(({ availableAt }) => Date.parse(availableAt) <= tomorrow);
  const images = out.map(({ nodeImageVersion }) => nodeImageVersion);
  const latest = images.filter((image) => !images.some((other) => isNewer(other, image)));
  for (const { name } of owners.base.rings ?? []) {
    for (const image of new Set(latest)) await approve(owners, name, image, by);
  }
  return `approveRelease: the newest of all by ${by}`;
}
