import { describe, expect, it } from 'vitest';
import { countInstances, countNodes } from '../../../shared/domain/nodes/countNodes.ts';
import type { KubernetesNode } from '../../../shared/domain/nodes/kubernetesObjects.ts';
import type { NodeInstance } from '../../../shared/domain/nodes/nodeInstance.ts';
import { aPool, images } from '../../builders.ts';

const patched = `${images.new}-2026.01.20`;
const laterPatched = `${images.new}-2026.01.27`;

function node(nodeImageVersion: string | undefined, fields: Partial<KubernetesNode> = {}): KubernetesNode {
  return { name: 'n', nodeImageVersion, isReady: true, isCordoned: false, isQuarantined: false, ...fields };
}

describe('nodes by their labels', () => {
  it.each<[string, readonly KubernetesNode[], string, object]>([
    [
      'all on the image',
      [node(images.new), node(images.new)],
      images.new,
      { standing: 'whole', nodes: { total: 2, upToDate: 2, ready: 2, cordoned: 0 } },
    ],
    [
      'one behind',
      [node(images.new), node(images.old)],
      images.new,
      { standing: 'behind', nodes: { total: 2, upToDate: 1 } },
    ],
    [
      'one ahead of the pool',
      [node(images.new), node(images.old)],
      images.old,
      { standing: 'behind', nodes: { upToDate: 1 } },
    ],
    [
      'of another family',
      [node('AKSUbuntu-2404gen2containerd-202601.07.0')],
      images.new,
      { standing: 'behind', nodes: { total: 1, upToDate: 0 } },
    ],
    [
      'one not ready',
      [node(images.new), node(images.new, { isReady: false, isCordoned: true })],
      images.new,
      { standing: 'notReady', nodes: { total: 2, upToDate: 2, ready: 1, cordoned: 1 } },
    ],
    [
      'one put aside',
      [node(images.old, { isCordoned: true, isQuarantined: true })],
      images.new,
      { standing: 'behind', nodes: { total: 1, upToDate: 0, ready: 1, cordoned: 1, quarantined: 1 } },
    ],
    [
      'patched since: the oldest patch is told',
      [node(laterPatched), node(patched)],
      images.new,
      { standing: 'whole', nodes: { securityPatch: '2026-01-20' } },
    ],
    [
      'the pool’s own patch, and a later one',
      [node(laterPatched), node(patched)],
      patched,
      { standing: 'whole', nodes: { upToDate: 2 } },
    ],
    [
      'an earlier patch than the pool’s',
      [node(laterPatched), node(patched)],
      laterPatched,
      { standing: 'behind', nodes: { upToDate: 1 } },
    ],
    ['no patch, where the pool has one', [node(images.new)], patched, { standing: 'behind', nodes: { upToDate: 0 } }],
  ])('%s', (_what, nodes, image, expected) => {
    const result = countNodes(aPool({ count: nodes.length }), nodes, image);
    expect(result).toMatchObject({ proof: 'nodes', ...expected });
  });

  it('tells no patch date that not all of them have', () => {
    const result = countNodes(aPool(), [node(patched), node(images.new)], images.new);
    expect('nodes' in result && 'securityPatch' in result.nodes).toBe(false);
  });

  it.each<[string, number | undefined, readonly KubernetesNode[], string, RegExp]>([
    ['no node found of a pool whose nodes are not counted', undefined, [], images.new, /none of its nodes/],
    ['no node found', 3, [], images.new, /none of its 3 nodes/],
    ['a node without the label', 2, [node(images.new), node(undefined)], images.new, /1 of 2 nodes do not show/],
    ['a label of no known form', 1, [node('custom')], images.new, /1 of 1 nodes do not show/],
    ['an image of no known form', 1, [node(images.new)], 'custom', /custom can't be compared/],
  ])('%s: proves nothing', (_what, count, nodes, image, problem) => {
    expect(countNodes(aPool({ count }), nodes, image)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('a pool without nodes is whole', () => {
    expect(countNodes(aPool({ count: 0 }), [], images.new)).toMatchObject({ standing: 'whole', nodes: { total: 0 } });
  });
});

describe('scale set instances by the image they were made from', () => {
  const gallery = (name: string, definition: string, version: string) =>
    `/subscriptions/1/resourceGroups/AKS-x/providers/Microsoft.Compute/galleries/${name}/images/${definition}/versions/${version}`;
  const ubuntu = (version: string) => gallery('AKSUbuntu', '2204gen2containerd', version);
  const instance = (image: string | undefined, provisioningState = 'Succeeded'): NodeInstance => ({
    scaleSet: 'vmss',
    instanceId: '0',
    provisioningState,
    image,
  });
  const windows = 'AKSWindows-2022-containerd-20348.2113.231115';

  it.each<[string, readonly NodeInstance[], string, object]>([
    [
      'all on the image',
      [instance(ubuntu('202601.07.0')), instance(ubuntu('202601.07.0'))],
      images.new,
      { standing: 'whole', nodes: { total: 2, upToDate: 2 } },
    ],
    [
      'one behind',
      [instance(ubuntu('202601.07.0')), instance(ubuntu('202512.18.0'))],
      images.new,
      { standing: 'behind', nodes: { total: 2, upToDate: 1 } },
    ],
    [
      'one being deleted counts no more',
      [instance(ubuntu('202601.07.0')), instance(ubuntu('202512.18.0'), 'Deleting')],
      images.new,
      { standing: 'whole', nodes: { total: 1, upToDate: 1 } },
    ],
    ['a patch is no other image', [instance(ubuntu('202601.07.0'))], patched, { standing: 'whole' }],
    [
      'Windows, whose definitions have a longer name',
      [instance(gallery('AKSWindows', 'windows-2022-containerd', '20348.2113.231115'))],
      windows,
      { standing: 'whole' },
    ],
    [
      'in another case',
      [instance(gallery('aksubuntu', '2204GEN2containerd', '202601.07.0'))],
      images.new,
      { standing: 'whole' },
    ],
  ])('%s', (_what, instances, image, expected) => {
    expect(countInstances(aPool(), instances, image)).toMatchObject({ proof: 'instances', ...expected });
  });

  it.each<[string, readonly NodeInstance[], string, RegExp]>([
    ['none of a pool with nodes', [], images.new, /none of its 3 nodes/],
    ['only one that is being deleted', [instance(ubuntu('202601.07.0'), 'deleting')], images.new, /none of its 3/],
    ['an instance without an image', [instance(undefined)], images.new, /1 of 1 nodes do not show/],
    ['an image of no gallery', [instance('/subscriptions/1/images/mine')], images.new, /1 of 1 nodes do not show/],
    [
      'the version, but of another definition',
      [instance(gallery('AKSUbuntu', '2404gen2containerd', '202601.07.0'))],
      images.new,
      /1 of 1 nodes do not show/,
    ],
    ['a pool’s image of no known form', [instance(ubuntu('202601.07.0'))], 'custom', /can't be compared/],
  ])('%s: prove nothing', (_what, instances, image, problem) => {
    expect(countInstances(aPool(), instances, image)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

describe('a pool that keeps deallocated machines, on the image that they ran', () => {
  const image = (release: string) => `/x/galleries/AKSUbuntu/images/2204gen2containerd/versions/${release}`;
  const [oldRelease, newRelease] = ['202512.18.0', '202601.07.0'];
  const instance = (release: string, powerState: string | undefined, scaleSet = 'vmss'): NodeInstance => ({
    scaleSet,
    instanceId: '0',
    provisioningState: 'Succeeded',
    image: image(release),
    powerState,
  });
  const pool = aPool({ count: 2, scaleDownMode: 'Deallocate' });
  const two = [instance(newRelease, 'running'), instance(newRelease, 'running')];
  const kept = (powerState: string | undefined) => [1, 2, 3].map(() => instance(oldRelease, powerState));

  it('two of two instances are on the image, whatever three deallocated ones are on', () => {
    expect(countInstances(pool, [...two, ...kept('deallocated')], images.new)).toEqual({
      proof: 'instances',
      nodes: { total: 2, upToDate: 2 },
      standing: 'whole',
    });
  });

  it.each<[string, readonly NodeInstance[]]>([
    ['a node that stayed behind', [two[0] as NodeInstance, instance(oldRelease, 'running'), ...kept('deallocated')]],
    ['one that starts', [two[0] as NodeInstance, instance(oldRelease, 'starting'), ...kept('deallocated')]],
    ['one that somebody stopped, not deallocated', [two[0] as NodeInstance, instance(oldRelease, 'stopped')]],
  ])('%s is a node, and behind', (_what, instances) => {
    expect(countInstances(pool, instances, images.new)).toMatchObject({
      standing: 'behind',
      nodes: { total: 2, upToDate: 1 },
    });
  });

  it.each([undefined, 'unknown', 'deallocating', 'stopping'])('nothing is proven by machines in state %s', (state) => {
    expect(countInstances(pool, [...two, ...kept(state)], images.new)).toEqual({
      problem: '3 of 5 machines may be deallocated, as scaleDownMode is Deallocate, and do not show it',
    });
  });

  it('nor where fewer run than the pool has nodes', () => {
    expect(countInstances({ ...pool, count: 3 }, [...two, ...kept('deallocated')], images.new)).toEqual({
      problem: 'only 2 of its 3 nodes run, as scaleDownMode is Deallocate',
    });
  });

  it.each([
    { ...pool, scaleDownMode: 'Delete' },
    { ...pool, scaleDownMode: undefined },
  ])('a pool that deletes what it scales down has no such machines: %j', (deleting) => {
    expect(countInstances(deleting, [...two, instance(oldRelease, undefined)], images.new)).toMatchObject({
      standing: 'behind',
    });
  });

  it('a mode that nobody knows may keep machines too', () => {
    const unknown = { ...pool, scaleDownMode: 'Hibernate' };
    expect(countInstances(unknown, [...two, ...kept(undefined)], images.new)).toHaveProperty('problem');
  });

  it('nodes whose machines are shut down are none of the roll', () => {
    const off = node(images.old, { isReady: false, isShutDown: true });
    expect(countNodes(pool, [node(images.new), node(images.new), off, off, off], images.new)).toMatchObject({
      standing: 'whole',
      nodes: { total: 2, upToDate: 2, ready: 2 },
    });
  });

  it('a node that is not Ready may be one of them: the instances tell', () => {
    const off = node(images.old, { isReady: false });
    expect(countNodes(pool, [node(images.new), node(images.new), off], images.new)).toEqual({
      problem: expect.stringMatching(/^1 of 3 machines may be deallocated/),
    });
  });

  it('of clusters that share a node resource group nobody can tell whose the instances are', () => {
    expect(
      countInstances(aPool({ count: 2 }), [two[0], instance(newRelease, 'running', 'b')] as NodeInstance[], images.new),
    ).toEqual({
      problem: expect.stringMatching(/^clusters share its node resource group, where 2 scale sets/),
    });
  });
});
