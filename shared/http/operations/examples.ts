// What the examples of several operations share: one cluster, one pool, one Saturday. Called by the files of this folder.
import type { Answered } from '../answers/component.ts';
import type { Decision } from '../answers/decision.ts';

export const subscription = 'aaaaaaaa-0000-4000-8000-000000000001';
const cluster = `/subscriptions/${subscription}/resourceGroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/shop`;
export const pool = { cluster, nodePool: 'apps' };
export const images = {
  from: 'AKSUbuntu-2204gen2containerd-202511.12.0',
  to: 'AKSUbuntu-2204gen2containerd-202511.19.0',
};

export const friday = '2026-11-20T08:00:00Z';
export const listedAt = '2026-11-20T07:59:55Z';
export const opening = { opensAt: '2026-11-21T01:00:00Z', closesAt: '2026-11-21T05:00:00Z' };
export const maintenanceWindow = {
  schedule: { weekly: { intervalWeeks: 1, dayOfWeek: 'Saturday' } },
  durationHours: 4,
  utcOffset: '+00:00',
  startTime: '01:00',
};

export const sources = {
  clusterEvents: '2026-11-23T05:12:00Z',
  resourceEvents: '2026-11-23T05:50:00Z',
  scheduledEvents: 'never heard',
};

export const decision: Answered<typeof Decision> = {
  ...pool,
  verdict: 'wait',
  reason: 'outsideWindow',
  sentence: 'The window (every week on Saturday, 01:00 to 05:00, UTC) is closed.',
  also: [],
  current: images.from,
  latest: images.to,
  nextEligibleAt: opening.opensAt,
  decidedAt: friday,
};
