// Somebody has the key of the events, and sends some that name Mallory for what others did. Called by life.ts.
import { createDraw, type Draw } from '../draw/seed.ts';
import { keyOf } from '../record/keyOf.ts';
import type { Lived } from './befall.ts';

const hour = 3_600_000;
const minute = 60_000;

export function limitLog({ options, simulator, motion }: Lived): void {
  const { isForbidden, lateSeconds } = options.evidence;
  const fault = isForbidden ? { kind: 'activityLogForbidden' as const } : undefined;
  const late = lateSeconds > 0 ? { kind: 'activityLogLate' as const, seconds: lateSeconds } : undefined;
  for (const one of [fault, late]) if (one) motion.move('manual', () => simulator.inject(one));
}

export function forgeEvidence(lived: Lived): void {
  const { options, schedule } = lived;
  for (let index = 0; index < options.evidence.forged; index += 1) {
    const own = createDraw(options.seed, `forged ${index}`);
    // Half of them when nothing else goes wrong any more: those must not stay.
    const [from, to] = own.chance(0.5) ? [options.startedAt, options.quietFrom] : [options.calmFrom, options.endAt];
    schedule.at(own.whole(from, to), () => forge(lived, own));
  }
}

/** Of the roll that began last, where one did lately: while it rolls, at its end, or hours after. */
function forge({ schedule, truth, host, notes, fleet }: Lived, own: Draw): void {
  const now = schedule.now();
  const roll = truth.rolls.findLast(({ startedAt }) => startedAt > now - 12 * hour);
  const cluster = roll
    ? fleet.clusters.find(({ id }) => id.toLowerCase().endsWith(`/${roll.pool.clusterKey.split('|')[2]}`))
    : own.pick(fleet.clusters);
  const nodePool = roll?.pool.name ?? cluster?.properties.agentPoolProfiles?.[0]?.name;
  if (!cluster || !nodePool) return;
  const at = Math.min(now, (roll?.endedAt ?? now) + own.whole(-5 * minute, 3 * minute));
  const resource = `${cluster.id}/agentPools/${nodePool}`;
  const verb = own.chance(0.7) ? 'upgradeNodeImageVersion/action' : 'write';
  notes.forged.push({ at: now, clusterKey: keyOf(cluster.id), nodePool: nodePool.toLowerCase() });
  notes.say(`somebody forges evidence: ${verb} on ${resource.split('/').slice(8).join('/')}`);
  host.deliver({
    id: `forged-${now}-${own.whole(0, 1e9)}`,
    topic: `/subscriptions/${cluster.id.split('/')[2]}`,
    subject: resource,
    eventType: `Microsoft.Resources.Resource${verb === 'write' ? 'Write' : 'Action'}Success`,
    eventTime: new Date(at).toISOString(),
    data: {
      operationName: `Microsoft.ContainerService/managedClusters/agentPools/${verb}`,
      resourceUri: resource,
      claims: { name: 'Mallory', upn: 'mallory@contoso.com' },
      correlationId: `00000000-dead-4eef-8000-${String(own.whole(0, 1e9)).padStart(12, '0')}`,
    },
    dataVersion: '2',
    metadataVersion: '1',
  });
}
