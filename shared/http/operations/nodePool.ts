// The operations on node pools, their images and what is decided on them. Part of the table of operations.
import type { PoolPreflight } from '../../usecases/start/reportPreflight.ts';
import { DecisionPage, Plan } from '../answers/decision.ts';
import { NodeImage } from '../answers/image.ts';
import { NodePoolList } from '../answers/nodePool.ts';
import { PreflightList } from '../answers/preflight.ts';
import type { NodePoolRow } from '../nodePoolRow.ts';
import { PageQuery, PlanQuery, PoolQuery } from '../requests/list.ts';
import { PreflightBody } from '../requests/preflight.ts';
import { decision, friday, images, pool, subscription } from './examples.ts';
import { type OperationTexts, ok } from './operation.ts';
import { sources } from './report.ts';

const nodePool: NodePoolRow = {
  ...pool,
  location: 'westeurope',
  current: images.from,
  latest: images.to,
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

const pass = { subscription, at: friday, clusters: 4, listedAt: '2026-11-20T07:59:55Z' };

const image: NodeImage = {
  nodeImageVersion: images.to,
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

const spot = { check: 'spot', effect: 'warn', result: 'passed', sentence: 'The pool is no spot pool.' } as const;
const preflight: PoolPreflight = {
  at: friday,
  ...pool,
  ...images,
  wouldStart: true,
  checks: [{ ...spot, facts: {}, blocks: false }],
  off: [],
};

export const onNodePools = {
  getNodePools: {
    summary: 'Every pool with its image, the latest one, and the decision on it.',
    query: PoolQuery,
    answers: ok('The pools.', NodePoolList, { value: [nodePool] }),
  },
  getDecisions: {
    summary: 'What was decided on a pool, newest first.',
    query: PageQuery,
    answers: ok('A page of decisions.', DecisionPage, { value: [decision] }),
    problems: { 404: 'No pass has seen such a pool.' },
  },
  getPlan: {
    summary: 'Every decision, as of the last pass or at a later moment.',
    query: PlanQuery,
    answers: ok(
      'The decisions; without `at` also the last pass of each subscription, and when each source of events was last heard.',
      Plan,
      { value: [decision], passes: [pass], sources },
    ),
  },
  getNodeImage: {
    summary: 'Family, release, OS, age, support and release notes of a node image version.',
    answers: ok('The image.', NodeImage, image),
  },
  postPreflight: {
    summary: 'What would keep pools from being started now: every check with its facts.',
    body: { schema: PreflightBody, example: { cluster: 'shop-*', nodePool: 'apps' } },
    answers: ok('A report for each pool.', PreflightList, { value: [preflight] }),
    problems: { 404: 'The fleet has no such cluster or pool.' },
  },
} satisfies Readonly<Record<string, OperationTexts>>;
