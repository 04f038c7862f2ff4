// Single acts of owners on the table Policy, as the API writes to it; each answers with what it did in words. Called by
// steering.ts.
import { Temporal } from 'temporal-polyfill';
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import type { Hold } from '../../../shared/domain/policy/hold.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { readCurrentPolicy } from '../../../shared/stores/policyStore.ts';
import { approvals, holds } from '../../../shared/stores/standingStore.ts';
import { changePolicy } from '../../../shared/usecases/policy/changePolicy.ts';
import type { PolicyDocument } from '../draw/drawPolicy.ts';
import type { Draw } from '../draw/seed.ts';

const hour = 3_600_000;
/** Who sets policies, and who approves: one does both. */
const owner = 'pat';

export type Owners = {
  readonly tables: Tables;
  readonly now: () => number;
  readonly base: PolicyDocument;
  readonly fleet: Fleet;
  made: number;
};

export function instantOf({ now }: Owners, shift = 0): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(now() + shift);
}

/** Puts a policy in force: as a version with its author, or as if by hand. */
export async function setPolicy(owners: Owners, policy: unknown, byHand = false): Promise<string> {
  const { tables } = owners;
  const log = { info: () => undefined, warn: () => undefined };
  const change = { policy, reason: 'As planned.', author: owner };
  const kind = (await readCurrentPolicy(tables)) ? 'any' : 'none';
  const given = { tables, clock: { now: () => instantOf(owners) }, log };
  const put = byHand ? undefined : await changePolicy(given, change, { kind });
  if (put?.kind === 'written') return `setPolicy ${JSON.stringify(policy)}, version ${put.stored.version}`;
  await tables.write('Policy', 'policy', [{ kind: 'upsert', rowKey: 'current', value: policy }]);
  return `setPolicy by hand ${JSON.stringify(policy)}`;
}

export async function setHold(owners: Owners, draw: Draw, scope: object, createdBy: string): Promise<string> {
  const from = draw.chance(0.2) ? draw.whole(1, 48) * hour : undefined;
  const until = draw.chance(0.7) ? (from ?? 0) + draw.pick([1, 4, 24, 72]) * hour : undefined;
  owners.made += 1;
  const hold = {
    id: `hold-${owners.made}`,
    ...scope,
    owner: 'Shop team',
    reason: 'Sales.',
    ...(from !== undefined && { from: instantOf(owners, from).toString() }),
    ...(until !== undefined && { until: instantOf(owners, until).toString() }),
    createdAt: instantOf(owners).toString(),
    createdBy,
  } as Hold;
  await holds.insert(owners.tables, hold);
  return `setHold ${JSON.stringify(hold)}`;
}

export async function lift(owners: Owners, draw: Draw): Promise<string> {
  const { standing } = await holds.readAll(owners.tables);
  if (standing.length === 0) return 'liftHold: there is none';
  const { id } = draw.pick(standing);
  await holds.end(owners.tables, id, { at: instantOf(owners), by: 'ann' });
  return `liftHold ${id}`;
}

export async function liftAll(owners: Owners): Promise<string> {
  const { standing } = await holds.readAll(owners.tables);
  for (const { id } of standing) await holds.end(owners.tables, id, { at: instantOf(owners), by: 'ann' });
  return `liftHold: all ${standing.length}`;
}

export async function approve(owners: Owners, ring: string, release: string, approvedBy: string): Promise<string> {
  owners.made += 1;
  const approvedAt = instantOf(owners).toString();
  const approval = { id: `approval-${owners.made}`, ring, release, reason: 'Tested.', approvedAt, approvedBy };
  await approvals.insert(owners.tables, approval);
  return `approveRelease ${release} for ${ring} by ${approvedBy}`;
}

export async function revoke(owners: Owners, draw: Draw): Promise<string> {
  const { standing } = await approvals.readAll(owners.tables);
  if (standing.length === 0) return 'revokeApproval: there is none';
  const { id } = draw.pick(standing);
  await approvals.end(owners.tables, id, { at: instantOf(owners), by: 'bob' });
  return `revokeApproval ${id}`;
}

/** One that is out, rather a new one. */
export function newest({ fleet, now }: Owners, draw: Draw): string {
  const out = fleet.releases.filter(({ availableAt }) => Date.parse(availableAt) <= now());
  return draw.pick(out.length > 0 ? out.slice(-6) : fleet.releases).nodeImageVersion;
}

export function releaseOf(nodeImageVersion: string): string {
  return nodeImageVersion.slice(nodeImageVersion.lastIndexOf('-') + 1);
}
