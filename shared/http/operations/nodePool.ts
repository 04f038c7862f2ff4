// The operations on node pools, their images and what is decided on them. Part of the table of operations.
import type { Answered } from '../answers/component.ts';
import { DecisionPage, Plan } from '../answers/decision.ts';
import { NodeImage, NodePoolList, PreflightList } from '../answers/nodePool.ts';
import { DecisionsPath, DecisionsQuery, ImagePath, PlanQuery, PoolQuery, PreflightBody } from '../requests/nodePool.ts';
import { decision, friday, images, listedAt, pool, sources, subscription } from './examples.ts';
import { type Operations, ok } from './operation.ts';

const row: Answered<typeof NodePoolList>['value'][number] = {
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
  maxSurge: '33%',
  nodeOsUpgradeChannel: 'None',
  provisioningState: 'Succeeded',
  powerState: 'Running',
  decision,
};

const image: Answered<typeof NodeImage> = {
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

export const onNodePools = {
  getNodePools: {
    summary: 'Every pool with its image, the latest one, and the decision on it.',
    query: PoolQuery,
    answers: ok('The pools.', NodePoolList, { value: [row] }),
  },
  getDecisions: {
    summary: 'What was decided on a pool, newest first.',
    path: DecisionsPath,
    query: DecisionsQuery,
    answers: ok('A page of decisions.', DecisionPage, { value: [decision] }),
    problems: { 404: 'No pass has seen such a pool.' },
  },
  getPlan: {
    summary: 'Every decision, as of the last pass or at a later moment.',
    query: PlanQuery,
    answers: ok(
      'The decisions; without `at` also the last pass of each subscription, and when each source of events was last heard.',
      Plan,
      { value: [decision], passes: [{ subscription, at: friday, clusters: 4, listedAt }], sources },
    ),
  },
  getNodeImage: {
    summary: 'Family, release, OS, age, support and release notes of a node image version.',
    path: ImagePath,
    answers: ok('The image.', NodeImage, image),
  },
  postPreflight: {
    summary: 'What would keep pools from being started now: the decision of the plan, and every check with its facts.',
    body: { schema: PreflightBody, example: { cluster: 'shop-*', nodePool: 'apps' } },
    answers: ok('A report for each pool.', PreflightList, {
      value: [
        {
          at: friday,
          ...pool,
          ...images,
          wouldStart: false,
          decision,
          checks: [{ ...spot, facts: {}, blocks: false }],
          off: [],
        },
      ],
    }),
    problems: { 404: 'The fleet has no such cluster or pool.' },
  },
} satisfies Operations;
