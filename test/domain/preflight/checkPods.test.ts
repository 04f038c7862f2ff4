import { describe, expect, it } from 'vitest';
import type {
  KubernetesNode,
  LabelSelector,
  Pod,
  PodDisruptionBudget,
} from '../../../shared/domain/nodes/kubernetesObjects.ts';
import { nodesReady, pendingPods } from '../../../shared/domain/preflight/checkNodes.ts';
import { podDisruptionBudgets, singleReplicas } from '../../../shared/domain/preflight/checkPods.ts';
import { judgePreflight } from '../../../shared/domain/preflight/judgePreflight.ts';
import { selectsLabels } from '../../../shared/domain/preflight/labelSelector.ts';
import type { KubernetesReads } from '../../../shared/domain/preflight/preflightFacts.ts';
import { somePreflightFacts } from './somePreflightFacts.ts';

const node = (name: string, fields: Partial<KubernetesNode> = {}): KubernetesNode => ({
  name,
  isReady: true,
  isCordoned: false,
  isQuarantined: false,
  ...fields,
});

/** A pod of the ReplicaSet web on node n1 of the pool. */
const pod = (name: string, fields: Partial<Pod> = {}): Pod => ({
  namespace: 'shop',
  name,
  node: 'n1',
  phase: 'Running',
  labels: { app: 'web' },
  controller: { kind: 'ReplicaSet', name: 'web' },
  ...fields,
});

const budget = (fields: Partial<PodDisruptionBudget> = {}): PodDisruptionBudget => ({
  namespace: 'shop',
  name: 'web',
  disruptionsAllowed: 0,
  selector: { matchLabels: { app: 'web' }, matchExpressions: [] },
  ...fields,
});

function facts(pods: readonly Pod[], budgets: readonly PodDisruptionBudget[] = [], nodes = [node('n1'), node('n2')]) {
  const kubernetes: KubernetesReads = {
    nodes: { value: nodes },
    pods: { value: pods },
    podDisruptionBudgets: { value: budgets },
  };
  return somePreflightFacts({ reads: { kubernetes } });
}

const two = [pod('web-1'), pod('web-2', { node: 'n2' })];
const elsewhere = pod('web-3', { node: 'other1' });

describe('podDisruptionBudgets', () => {
  it.each<[string, readonly Pod[], readonly PodDisruptionBudget[], RegExp | undefined]>([
    ['one that allows none', two, [budget()], /shop\/web \(2 pods\)\. The drain/],
    ['one that allows one', two, [budget({ disruptionsAllowed: 1 })], undefined],
    ['one of pods on other pools', [elsewhere], [budget()], undefined],
    ['one of another namespace', two, [budget({ namespace: 'other' })], undefined],
    ['one of other pods', two, [budget({ selector: { matchLabels: { app: 'db' }, matchExpressions: [] } })], undefined],
    ['one without a selector', two, [budget({ selector: undefined })], undefined],
    ['one that selects all pods', two, [budget({ selector: { matchLabels: {}, matchExpressions: [] } })], /2 pods/],
    [
      'one of a DaemonSet, whose pods stay',
      [pod('d', { controller: { kind: 'DaemonSet', name: 'd' } })],
      [budget()],
      undefined,
    ],
    ['one of pods without a node', [pod('late', { node: undefined, phase: 'Pending' })], [budget()], undefined],
    ['none', two, [], undefined],
  ])('%s', (_what, pods, budgets, refusal) => {
    const { result, sentence } = podDisruptionBudgets(facts(pods, budgets));
    expect(result).toBe(refusal ? 'failed' : 'passed');
    if (refusal) expect(sentence).toMatch(refusal);
  });

  it('names ten, and how many more there are', () => {
    const budgets = Array.from({ length: 12 }, (_, index) => budget({ name: `b${index}` }));
    const { sentence, facts: found } = podDisruptionBudgets(facts(two, budgets));
    expect(sentence).toContain('shop/b9 (2 pods) and 2 more');
    expect(found['budgets']).toHaveLength(12);
  });

  it('what a budget allows is not known while Kubernetes has not counted it, and is not said to be none', () => {
    const uncounted = budget({ name: 'new', disruptionsAllowed: undefined });
    const finding = podDisruptionBudgets(facts(two, [uncounted]));
    expect(finding).toMatchObject({ result: 'notRun', facts: { budgets: [{ name: 'shop/new', pods: 2 }] } });
    expect(finding.sentence).toContain('does not say how many disruptions');
    expect(podDisruptionBudgets(facts([elsewhere], [uncounted])).result).toBe('passed');
    // What is known to block says more.
    expect(podDisruptionBudgets(facts(two, [uncounted, budget()]))).toMatchObject({
      result: 'failed',
      facts: { budgets: [{ name: 'shop/web', pods: 2 }] },
    });
  });

  it('a pool of four nodes of which the Kubernetes API shows none is not one without pods, or with all nodes Ready', () => {
    const none = facts(two, [budget()], []);
    for (const check of [podDisruptionBudgets, singleReplicas, nodesReady]) {
      expect(check(none)).toMatchObject({
        result: 'notRun',
        sentence: expect.stringContaining("none of the pool's 4 nodes"),
      });
    }
    const empty = { ...none, pool: { ...none.pool, count: 0 } };
    expect([podDisruptionBudgets, nodesReady].map((check) => check(empty).result)).toEqual(['passed', 'passed']);
  });
});

describe('singleReplicas', () => {
  const replica = (kind: string, nodeName = 'n1') => [
    pod('only', { node: nodeName, controller: { kind, name: 'only' } }),
  ];

  it.each<[string, readonly Pod[], boolean]>([
    ['a ReplicaSet of one pod', replica('ReplicaSet'), true],
    ['a StatefulSet of one pod', replica('StatefulSet'), true],
    ['one of one pod elsewhere', replica('ReplicaSet', 'other1'), false],
    ['one of two pods', two, false],
    ['one of two pods, one of them elsewhere', [pod('web-1'), elsewhere], false],
    ['a job', replica('Job'), false],
    ['a DaemonSet', replica('DaemonSet'), false],
    ['a bare pod', [pod('bare', { controller: undefined })], false],
    ['the same name in two namespaces', [pod('a'), pod('b', { namespace: 'other' })], true],
  ])('%s', (_what, pods, isSingle) => {
    expect(singleReplicas(facts(pods)).result).toBe(isSingle ? 'failed' : 'passed');
  });

  it('names them', () => {
    expect(singleReplicas(facts(replica('StatefulSet'))).sentence).toContain('1 workload with the only replica');
    expect(singleReplicas(facts(replica('StatefulSet'))).sentence).toContain('shop/only (StatefulSet)');
  });
});

describe('nodes and waiting pods', () => {
  it.each<[string, readonly KubernetesNode[], string | undefined]>([
    ['all well', [node('n1')], undefined],
    ['not Ready', [node('n1', { isReady: false })], 'n1 (not Ready)'],
    ['cordoned', [node('n1'), node('n2', { isCordoned: true })], '1 node of 2: n2 (cordoned)'],
    ['put aside', [node('n1', { isCordoned: true, isQuarantined: true })], 'n1 (put aside by AKS)'],
    ['both', [node('n1', { isReady: false, isCordoned: true })], 'n1 (not Ready and cordoned)'],
  ])('nodesReady: %s', (_what, nodes, refusal) => {
    const { result, sentence } = nodesReady(facts([], [], [...nodes]));
    expect(result).toBe(refusal ? 'failed' : 'passed');
    if (refusal) expect(sentence).toContain(refusal);
  });

  it.each<[string, readonly Pod[], boolean]>([
    ['none', two, false],
    ['one', [pod('late', { node: undefined, phase: 'Pending' })], true],
    ['one that has its node and pulls its image', [pod('early', { phase: 'Pending' })], false],
  ])('pendingPods: %s', (_what, pods, isWaiting) => {
    const { result, sentence } = pendingPods(facts(pods));
    expect(result).toBe(isWaiting ? 'failed' : 'passed');
    if (isWaiting) expect(sentence).toContain('shop/late');
  });
});

describe('label selectors', () => {
  const labels = { app: 'web', tier: 'front' };
  const expression = (operator: string, values: readonly string[] = [], key = 'app'): LabelSelector => ({
    matchLabels: {},
    matchExpressions: [{ key, operator, values }],
  });

  it.each<[string, LabelSelector, boolean]>([
    ['nothing', { matchLabels: {}, matchExpressions: [] }, true],
    ['labels', { matchLabels: { app: 'web', tier: 'front' }, matchExpressions: [] }, true],
    ['a label too many', { matchLabels: { app: 'web', zone: '1' }, matchExpressions: [] }, false],
    ['In', expression('In', ['db', 'web']), true],
    ['not In', expression('In', ['db']), false],
    ['In of a label that is not there', expression('In', [''], 'zone'), false],
    ['NotIn', expression('NotIn', ['db']), true],
    ['not NotIn', expression('NotIn', ['web']), false],
    ['NotIn of a label that is not there', expression('NotIn', ['1'], 'zone'), true],
    ['Exists', expression('Exists'), true],
    ['not Exists', expression('Exists', [], 'zone'), false],
    ['DoesNotExist', expression('DoesNotExist', [], 'zone'), true],
    ['not DoesNotExist', expression('DoesNotExist'), false],
    ['an operator to come', expression('Like', ['w*']), true],
    ['labels, but not the expression', { ...expression('In', ['db']), matchLabels: { app: 'web' } }, false],
  ])('%s', (_what, selector, matches) => expect(selectsLabels(selector, labels)).toBe(matches));
});

describe('what the checks do', () => {
  const names = ['podDisruptionBudgets', 'singleReplicas', 'nodesReady', 'pendingPods'];
  const problem = { problem: 'private or unreachable: x' };
  const checked = (kubernetes?: KubernetesReads) =>
    judgePreflight(somePreflightFacts({ reads: { ...(kubernetes && { kubernetes }) } }), undefined);

  it('they are not there where the policy does not enable the Kubernetes API', () => {
    const report = judgePreflight(somePreflightFacts(), { pendingPods: 'off' });
    expect(report.checks.map(({ check }) => check)).not.toEqual(expect.arrayContaining(names.slice(0, 1)));
    expect(report.off).toEqual([]);
  });

  it('by default a PodDisruptionBudget blocks and the others warn', () => {
    const kubernetes = { nodes: { value: [node('n1')] }, pods: { value: [] }, podDisruptionBudgets: { value: [] } };
    expect(
      checked(kubernetes)
        .checks.filter(({ check }) => names.includes(check))
        .map(({ check, effect, result }) => [check, effect, result]),
    ).toEqual([
      ['podDisruptionBudgets', 'block', 'passed'],
      ['singleReplicas', 'warn', 'passed'],
      ['nodesReady', 'warn', 'passed'],
      ['pendingPods', 'warn', 'passed'],
    ]);
  });

  it('what could not be read is not made, and says why', () => {
    const report = checked({ nodes: problem, pods: problem, podDisruptionBudgets: problem });
    const own = report.checks.filter(({ check }) => names.includes(check));
    expect(own.map(({ result }) => result)).toEqual(['notRun', 'notRun', 'notRun', 'notRun']);
    expect(own[0]?.sentence).toContain('private or unreachable: x');
    expect(report.wouldStart).toBe(false);
  });

  it('a check needs all that it looks at: nodes alone prove no budget harmless', () => {
    const report = checked({ nodes: { value: [node('n1')] }, pods: { value: [] }, podDisruptionBudgets: problem });
    const results = Object.fromEntries(report.checks.map(({ check, result }) => [check, result]));
    expect(results).toMatchObject({ podDisruptionBudgets: 'notRun', nodesReady: 'passed', pendingPods: 'passed' });
  });
});
