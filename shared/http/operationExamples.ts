// What the operations answer, by example: one cluster, one pool. Shown in the OpenAPI document.
import type { HistoryRow } from '../domain/ledger/ledger.ts';
import type { PolicyWarning } from '../domain/lint/policyWarning.ts';
import type { Decision } from '../domain/plan/decision.ts';
import type { Approval } from '../domain/policy/approval.ts';
import type { Hold } from '../domain/policy/hold.ts';
import type { WeekReport } from '../domain/report/weekReport.ts';
import type { Pass } from '../stores/passStore.ts';
import type { PolicyVersion } from '../stores/policyStore.ts';
import type { Evaluation } from '../usecases/ask/evaluateWindow.ts';
import type { ListedWindow } from '../usecases/ask/listWindows.ts';
import type { Coverage } from '../usecases/history/readCoverage.ts';
import type { NodeImage } from './answers/image.ts';
import type { NodePoolRow } from './httpSchemas.ts';

const cluster =
  '/subscriptions/aaaaaaaa-0000-4000-8000-000000000001/resourceGroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/shop';
const pool = { cluster, nodePool: 'apps' };
const from = 'AKSUbuntu-2204gen2containerd-202511.12.0';
const to = 'AKSUbuntu-2204gen2containerd-202511.19.0';
const opensAt = '2026-11-21T01:00:00Z';
const closesAt = '2026-11-21T05:00:00Z';

const maintenanceWindow = {
  schedule: { weekly: { intervalWeeks: 1, dayOfWeek: 'Saturday' } },
  durationHours: 4,
  utcOffset: '+00:00',
  startTime: '01:00',
};

const roll: HistoryRow = {
  id: 'aaaaaaaa-0000-4000-8000-000000000001|rg-shop|shop|7',
  kind: 'transition',
  ...pool,
  from,
  to,
  startedAt: '2026-11-21T01:05:12Z',
  startedBetween: ['2026-11-21T01:05:10Z', '2026-11-21T01:05:12Z'],
  completedAt: '2026-11-21T01:31:40Z',
  observedAt: '2026-11-21T01:32:00Z',
  cause: 'keeper',
  inWindow: true,
  window: { maintenanceWindow, readAt: '2026-11-21T01:05:09Z', opensAt, closesAt },
  outcome: 'succeeded',
  proof: 'pool',
  attempt: '0d6f4c1e-8a3b-4e57-9b12-7c5d3e2f1a09',
  sequence: 7,
  recordedAt: '2026-11-21T01:32:01Z',
  previousHash: '3f0c1e7ad5b29c4486f1e0d3c7a95b1842d6ef0935bc7128a4fe60d9135c82b7',
  hash: '9b12e4c05d7f3a68b1902e4dc85f7a36104bd9e2f8c3a7051e6d94b82fc0a35d',
};

const decision: Decision = {
  ...pool,
  verdict: 'wait',
  reason: 'outsideWindow',
  sentence: 'The window (every week on Saturday, 01:00 to 05:00, UTC) is closed.',
  also: [],
  current: from,
  latest: to,
  nextEligibleAt: opensAt,
  decidedAt: '2026-11-20T08:00:00Z',
};

const evaluation: Evaluation = {
  valid: true,
  window: 'every week on Saturday, 01:00 to 05:00, UTC',
  problems: [],
  warnings: [],
  open: false,
  nextOpening: opensAt,
  occurrences: [{ opensAt, closesAt, opensAtLocal: opensAt, closesAtLocal: closesAt, blocked: [] }],
};

const pass: Pass = {
  subscription: 'aaaaaaaa-0000-4000-8000-000000000001',
  at: '2026-11-20T08:00:00Z',
  clusters: 4,
  listedAt: '2026-11-20T07:59:55Z',
};

const coverage: Coverage = {
  subscriptions: [{ subscription: 'aaaaaaaa-0000-4000-8000-000000000001', listedAt: '2026-11-20T07:59:55Z' }],
  sources: {
    clusterEvents: '2026-11-20T02:14:07Z',
    resourceEvents: '2026-11-20T01:55:30Z',
    scheduledEvents: 'never heard',
  },
};

const version: Omit<PolicyVersion, 'policy'> = {
  version: 3,
  author: 'ada',
  at: '2026-11-20T08:00:00Z',
  reason: 'The shop is ready',
};

const hold: Hold = {
  id: '2f1a09d0-7c5d-4e57-9b12-0d6f4c1e8a3b',
  scope: 'release',
  release: '202601.07.0',
  owner: 'platform',
  reason: 'DNS breaks',
  createdAt: '2026-11-20T08:00:00Z',
  createdBy: 'ada',
};

const approval: Approval = {
  id: '7c5d2f1a-09d0-4e57-9b12-0d6f4c1e8a3b',
  ring: 'production',
  release: '202601.07.0',
  reason: 'A week in staging',
  approvedAt: '2026-11-20T08:00:00Z',
  approvedBy: 'ada',
};

const counts = { pools: 12, latest: 9, withinPolicy: 2, stale: 1, outOfSupport: 0, unknown: 0 };

const report: WeekReport = {
  week: '2026-W47',
  from: '2026-11-16T00:00:00Z',
  to: '2026-11-23T00:00:00Z',
  generatedAt: '2026-11-23T06:00:04Z',
  final: true,
  thresholds: { staleDays: 30, supportDays: 90 },
  compliance: { all: { name: 'all', ...counts, share: 0.917 }, rings: [], subscriptions: [] },
  outOfPolicy: [],
  transitions: [],
  failures: [],
  missedWindows: [],
  timeToPatch: [{ nodeImageVersion: to, availableAt: '2026-11-19T08:00:00Z', pools: 12, patched: 11 }],
  trend: [{ week: '2026-W47', transitions: 6, ...counts }],
  newPools: [],
  gone: [],
  withoutWindow: [],
  sources: {
    clusterEvents: '2026-11-23T05:12:00Z',
    resourceEvents: '2026-11-23T05:50:00Z',
    scheduledEvents: 'never heard',
  },
};

const nodePool: NodePoolRow = {
  ...pool,
  location: 'westeurope',
  current: from,
  latest: to,
  releaseDate: '2025-11-12',
  ageDays: 8,
  support: { status: 'supported', date: '2026-02-10' },
  osType: 'Linux',
  osSku: 'Ubuntu',
  mode: 'User',
  kubernetesVersion: '1.34.2',
  count: 3,
  autoscaler: undefined,
  maxSurge: '33%',
  nodeOsUpgradeChannel: 'None',
  provisioningState: 'Succeeded',
  powerState: 'Running',
  upgrade: undefined,
  decision,
};

const { valid: _valid, ...evaluated } = evaluation;

const window: ListedWindow = {
  cluster,
  state: 'window',
  readAt: '2026-11-20T07:40:00Z',
  maintenanceWindow,
  ...evaluated,
};

const image: NodeImage = {
  nodeImageVersion: to,
  gallery: 'AKSUbuntu',
  definition: '2204gen2containerd',
  family: 'AKSUbuntu-2204gen2containerd',
  release: '202511.19.0',
  releaseDate: '2025-11-19',
  os: 'Linux',
  sku: 'Ubuntu2204',
  generation: 2,
  architecture: 'x64',
  features: [],
  ageDays: 1,
  support: { status: 'supported', date: '2026-02-17' },
  releaseNotes: 'https://github.com/Azure/AKS/blob/master/vhd-notes/aks-ubuntu/AKSUbuntu-2204/202511.19.0.txt',
};

const warning: PolicyWarning = {
  code: 'selectorMatchesNothing',
  path: 'selectors.0',
  message: 'No cluster matches it.',
};

export const answerExamples = {
  roll,
  decision,
  pass,
  maintenanceWindow,
  evaluation,
  version,
  hold,
  coverage,
  verification: {
    whole: true,
    digests: {
      whole: true,
      compared: 12,
      oldest: '2026-W35.json',
      newest: { name: '2026-W46.json', at: '2026-11-16T06:00:03Z', sha256: 'b'.repeat(64) },
    },
    clusters: 1,
    entries: 12,
    value: [{ cluster, entries: 12, whole: true, head: { sequence: 12, hash: roll.hash }, projectedTo: 12 }],
  },
  approval,
  preflight: {
    at: '2026-11-20T08:00:00Z',
    cluster,
    nodePool: 'apps',
    from,
    to,
    wouldStart: true,
    checks: [
      {
        check: 'spot',
        effect: 'warn',
        result: 'passed',
        sentence: 'The pool is no spot pool.',
        facts: {},
        blocks: false,
      },
    ],
    off: [],
  },
  report,
  health: { status: 'healthy' },
  nodePool,
  window,
  image,
  warning,
} as const;
