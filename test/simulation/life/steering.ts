// What owners do meanwhile: policies, holds, approvals, through the stores that the API writes to. Used by run.ts.
import { Temporal } from 'temporal-polyfill';
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import type { Hold } from '../../../shared/domain/policy/hold.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { insertApproval, readApprovals, revokeApproval } from '../../../shared/stores/approvalsStore.ts';
import { insertHold, liftHold, readHolds } from '../../../shared/stores/holdsStore.ts';
import { readCurrentPolicy } from '../../../shared/stores/policyStore.ts';
import { putPolicy } from '../../../shared/usecases/policy/putPolicy.ts';
import { drawPolicy, oneAtATime, type PolicyDocument } from '../draw/drawPolicy.ts';
import { ringNames } from '../draw/drawRings.ts';
import { isNewer } from '../judge/own/images.ts';
import type { Draw } from '../world/seed.ts';

const hour = 3_600_000;
/** Who sets policies, and who approves: one does both. */
const owner = 'pat';
const approvers = ['ann', 'pat', 'Pat', 'bob'];

export type Steering = {
  /** Does what the draw says; answers with it in words. */
  readonly act: (draw: Draw) => Promise<string>;
  /** The same, about a pool that the keeper is about to start. */
  readonly meddle: (draw: Draw, cluster: string, nodePool: string) => Promise<string>;
  /** Puts a policy in force: as a version with its author, or as if by hand. */
  readonly setPolicy: (policy: unknown, byHand?: boolean) => Promise<string>;
  /** Lifts all holds, so that nothing waits for a person. */
  readonly liftAll: () => Promise<string>;
  /** Approves the newest image of every family, out by tomorrow, for every ring of the base. */
  readonly approveAll: (by: string) => Promise<string>;
};

export function createSteering(options: {
  readonly tables: Tables;
  readonly now: () => number;
  readonly base: PolicyDocument;
  readonly fleet: Fleet;
}): Steering {
  const { tables, base, fleet } = options;
  let made = 0;
  const instant = (shift = 0) => Temporal.Instant.fromEpochMilliseconds(options.now() + shift);
  const clock = { now: () => instant() };
  const log = { info: () => undefined, warn: () => undefined };

  async function setPolicy(policy: unknown, byHand = false): Promise<string> {
    const change = { policy, reason: 'As planned.', author: owner };
    const kind = (await readCurrentPolicy(tables)) ? 'any' : 'none';
    const put = byHand ? undefined : await putPolicy({ tables, clock, log }, change, { kind });
    if (put?.kind === 'written') return `setPolicy ${JSON.stringify(policy)}, version ${put.stored.version}`;
    await tables.write('Policy', 'policy', [{ kind: 'upsert', rowKey: 'current', value: policy }]);
    return `setPolicy by hand ${JSON.stringify(policy)}`;
  }

  function drawScope(draw: Draw): object {
    const { id, properties } = draw.pick(fleet.clusters);
    const name = id.slice(id.lastIndexOf('/') + 1);
    const cluster = draw.pick([name, id.toLowerCase(), name.toUpperCase(), `${name.slice(0, -1)}?`]);
    const nodePool = draw.pick(properties.agentPoolProfiles ?? [])?.name ?? 'pool*';
    return draw.pick<object>([
      { scope: 'fleet' },
      { scope: 'ring', ring: draw.pick(ringNames) },
      { scope: 'ring', ring: draw.pick(ringNames).toUpperCase() },
      { scope: 'cluster', cluster },
      { scope: 'nodePool', cluster, nodePool: draw.pick([nodePool, `${nodePool.slice(0, 3)}*`]) },
      { scope: 'release', release: draw.pick([releaseOf(newest(draw)), newest(draw), 'AKSUbuntu-*']) },
    ]);
  }

  /** One that is out, rather a new one. */
  function newest(draw: Draw): string {
    const out = fleet.releases.filter(({ availableAt }) => Date.parse(availableAt) <= options.now());
    return draw.pick(out.length > 0 ? out.slice(-6) : fleet.releases).nodeImageVersion;
  }

  async function setHold(draw: Draw, scope = drawScope(draw)): Promise<string> {
    const from = draw.chance(0.2) ? draw.whole(1, 48) * hour : undefined;
    const until = draw.chance(0.7) ? (from ?? 0) + draw.pick([1, 4, 24, 72]) * hour : undefined;
    made += 1;
    const hold = {
      id: `hold-${made}`,
      ...scope,
      owner: 'Shop team',
      reason: 'Sales.',
      ...(from !== undefined && { from: instant(from).toString() }),
      ...(until !== undefined && { until: instant(until).toString() }),
      createdAt: instant().toString(),
      createdBy: draw.pick(approvers),
    } as Hold;
    await insertHold(tables, hold);
    return `setHold ${JSON.stringify(hold)}`;
  }

  async function lift(draw: Draw): Promise<string> {
    const { holds } = await readHolds(tables);
    if (holds.length === 0) return 'liftHold: there is none';
    const { id } = draw.pick(holds);
    await liftHold(tables, id, { at: instant(), by: 'ann' });
    return `liftHold ${id}`;
  }

  async function approve(ring: string, release: string, approvedBy: string): Promise<string> {
    made += 1;
    const approval = { id: `approval-${made}`, ring, release, reason: 'Tested.', approvedAt: instant().toString() };
    await insertApproval(tables, { ...approval, approvedBy });
    return `approveRelease ${release} for ${ring} by ${approvedBy}`;
  }

  async function revoke(draw: Draw): Promise<string> {
    const approvals = await readApprovals(tables);
    if (approvals.length === 0) return 'revokeApproval: there is none';
    const { id } = draw.pick(approvals);
    await revokeApproval(tables, id, { at: instant(), by: 'bob' });
    return `revokeApproval ${id}`;
  }

  const day = () => instant().toString().slice(0, 10);
  const acts: readonly ((draw: Draw) => Promise<string>)[] = [
    (draw) => setPolicy(drawPolicy(draw, base, day()), draw.chance(0.3)),
    (draw) => setPolicy(drawPolicy(draw, base, day()), draw.chance(0.3)),
    () => setPolicy(base),
    () => setPolicy(oneAtATime(base)),
    (draw) => setHold(draw),
    (draw) => setHold(draw),
    lift,
    lift,
    (draw) =>
      approve(draw.pick(ringNames), draw.chance(0.5) ? newest(draw) : releaseOf(newest(draw)), draw.pick(approvers)),
    (draw) => approve(draw.pick(ringNames), releaseOf(newest(draw)), draw.pick(approvers)),
    revoke,
    revoke,
  ];

  return {
    act: (draw) => draw.pick(acts)(draw),
    meddle: (draw, cluster, nodePool) =>
      draw.pick<() => Promise<string>>([
        () => draw.pick(acts)(draw),
        () => setHold(draw, { scope: 'nodePool', cluster, nodePool }),
        () => setHold(draw, { scope: 'cluster', cluster }),
        () => setPolicy(oneAtATime(base)),
        () => revoke(draw),
      ])(),
    setPolicy,
    liftAll: async () => {
      const { holds } = await readHolds(tables);
      for (const { id } of holds) await liftHold(tables, id, { at: instant(), by: 'ann' });
      return `liftHold: all ${holds.length}`;
    },
    approveAll: async (by) => {
      const tomorrow = options.now() + 24 * hour;
      const out = fleet.releases.filter(({ availableAt }) => Date.parse(availableAt) <= tomorrow);
      const images = out.map(({ nodeImageVersion }) => nodeImageVersion);
      const latest = images.filter((image) => !images.some((other) => isNewer(other, image)));
      for (const { name } of base.rings ?? []) {
        for (const image of new Set(latest)) await approve(name, image, by);
      }
      return `approveRelease: the newest of all by ${by}`;
    },
  };
}

function releaseOf(nodeImageVersion: string): string {
  return nodeImageVersion.slice(nodeImageVersion.lastIndexOf('-') + 1);
}
