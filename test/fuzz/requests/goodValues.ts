// Values that the API takes, by the name of what they are for; `«…»` stands for what an answer before has given. Called by
// drawRequest.ts.
import { clusterId, newImage, oldImage, subscription } from '../../usecases/fleets.ts';

const instants = ['2026-11-03T00:00:00Z', '2026-11-20T08:00:00+01:00', '2027-01-01T00:00:00.5Z'];

const names: Readonly<Record<string, readonly string[]>> = {
  subscription: [subscription, subscription.toUpperCase(), '99999999-2222-4333-8444-555555555555'],
  resourceGroup: ['rg-shop', 'RG-*', 'rg-none'],
  cluster: ['shop', 'sho?', 'ban*', clusterId, clusterId.toLowerCase()],
  nodePool: ['apps', 'APPS', 'jobs'],
  image: [newImage, 'AKSUbuntu-*'],
  release: ['202610.26.0', '2026*'],
  outcome: ['succeeded', 'failed'],
  cause: ['keeper', 'manual', 'unknown'],
  inWindow: ['true', 'false', 'unknown'],
  kind: ['transition', 'firstSeen,gap', 'ledger'],
  since: instants,
  until: instants,
  at: ['2027-01-01T00:00:00Z', '2026-11-04T12:30:00Z'],
  week: ['2026-W45', '2026-W44'],
  format: ['json', 'csv', 'ndjson', 'html'],
  limit: ['1', '2', '1000'],
  count: ['1', '100'],
  timeZone: ['Europe/Berlin', 'UTC'],
  author: ['ada', 'grace@example.com'],
  version: ['1', '2', '«version»'],
  dryRun: ['true', 'false'],
  allowNoMatch: ['true', 'false'],
  lifted: ['true', 'false'],
  revoked: ['true', 'false'],
  nodeImageVersion: [newImage, oldImage],
};

/** @param operation whose answers the value is of */
export function goodValues(name: string, operation: string): readonly string[] {
  if (name === 'cursor') return [`«cursor ${operation}»`];
  if (name === 'id') return [`«id ${operation}»`];
  return names[name] ?? ['x'];
}

const rings = [
  { name: 'dev', selectors: [{ cluster: 'shop' }] },
  { name: 'production', selectors: [{ cluster: '*' }], approval: true, ringSoakHours: 1 },
];
const policies = [
  { mode: 'observe' },
  { mode: 'enforce', rings },
  { mode: 'enforce', rings, approvals: { byOthers: true }, failureLimit: { failures: 2, hold: 'release' } },
  { mode: 'enforce', selectors: [{ resourceGroup: 'rg-*', cluster: 'shop' }], freezes: [] },
];
const hold = { owner: 'platform', reason: 'sale', author: 'ada' };
const maintenanceWindow = {
  schedule: { weekly: { intervalWeeks: 2, dayOfWeek: 'Saturday' } },
  durationHours: 4,
  utcOffset: '+01:00',
  startTime: '01:00',
  startDate: '2026-01-01',
  notAllowedDates: [{ start: '2026-12-24', end: '2027-01-02' }],
};

const bodies: Readonly<Record<string, readonly object[]>> = {
  putPolicy: policies.map((policy) => ({ policy, reason: 'because', author: 'ada', commit: '3f2c1a9' })),
  postHold: [
    { scope: 'fleet', ...hold },
    { scope: 'ring', ring: 'dev', ...hold },
    { scope: 'cluster', cluster: clusterId, from: '2026-12-01T00:00:00Z', until: '2026-12-24T00:00:00Z', ...hold },
    { scope: 'nodePool', cluster: 'shop', nodePool: 'apps', ...hold },
    { scope: 'release', release: '202610.26.0', ...hold },
  ],
  postApproval: ['dev', 'production'].map((ring) => ({ ring, release: '202610.26.0', reason: 'ran', author: 'grace' })),
  postPreflight: [{ cluster: 'shop', nodePool: 'apps' }, { cluster: '*' }, { cluster: clusterId }],
  evaluateWindow: [{ maintenanceWindow, at: '2026-11-21T00:00:00Z', count: 5, timeZone: 'Europe/Berlin' }],
};

export const goodBodies = (operation: string): readonly object[] => bodies[operation] ?? [{}];
