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
