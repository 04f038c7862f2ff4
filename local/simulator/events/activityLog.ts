// What the Activity Log of a subscription keeps: every change that is asked of ARM, by whom, and how it ended. Written by
// whoDidIt.ts, answered by arm/activityLogRoute.ts.
import { createHash } from 'node:crypto';
import type { World } from '../world/world.ts';
import type { ActivityRecord, Requested } from './activityRecord.ts';

const lagSeconds = 5 * 60;

export function noteActivity(world: World, requested: Requested, status: ActivityRecord['status']): void {
  const late = world.faults.reduce((most, { fault }) => (fault.kind === 'activityLogLate' ? fault.seconds : most), 0);
  const visibleAt = world.time.add({ milliseconds: Math.round((lagSeconds + late) * 1000) });
  world.activities.push({ requested, status, at: world.time, visibleAt });
}

/** What the client sent, as ARM keeps it; else one of ARM's. It takes nothing from the world's chance. */
export function correlationIdOf({ time, activities }: World, about: string, sent?: string): string {
  if (sent !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(sent)) return sent;
  const digest = createHash('sha256').update(`${about}|${time.toString()}|${activities.length}`).digest('hex');
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    digest.slice(12, 16),
    digest.slice(16, 20),
    digest.slice(20, 32),
  ].join('-');
}
