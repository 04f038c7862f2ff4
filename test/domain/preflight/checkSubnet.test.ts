import { describe, expect, it } from 'vitest';
import { subnet } from '../../../shared/domain/preflight/checkSubnet.ts';
import { somePreflightFacts, subnetId, usageOf } from './somePreflightFacts.ts';

type Overrides = Parameters<typeof somePreflightFacts>[0];

const overlay = { networkPlugin: 'azure', networkPluginMode: 'overlay' };
const flat = { networkPlugin: 'azure', networkPluginMode: undefined };
const kubenet = { networkPlugin: 'kubenet', networkPluginMode: undefined };
const none = { networkPlugin: 'none', networkPluginMode: undefined };
const podSubnet = { podSubnetId: subnetId('pods'), maxPods: 30 };
const nodes = (used: number) => ({ nodeSubnet: usageOf('nodes', used, 251) });
const both = (used: number, podsUsed: number) => ({ ...nodes(used), podSubnet: usageOf('pods', podsUsed, 251) });

describe('addresses for surge by network plugin', () => {
  it.each<[string, Overrides, 'passed' | 'failed' | 'notRun', string]>([
    [
      'overlay: a node',
      { cluster: overlay, reads: nodes(250) },
      'passed',
      '1 surge node needs 1 address of subnet nodes; 1 of 251 are free.',
    ],
    [
      'overlay, spelled otherwise',
      { cluster: { networkPlugin: 'Azure', networkPluginMode: 'Overlay' }, reads: nodes(250) },
      'passed',
      '1 address',
    ],
    [
      'overlay, full',
      { cluster: overlay, reads: nodes(251) },
      'failed',
      'but only 0 of 251 are free. Free addresses, move to a larger subnet, or lower',
    ],
    [
      'kubenet: a node',
      { cluster: kubenet, pool: { maxPods: 110, maxSurge: '2' }, reads: nodes(249) },
      'passed',
      '2 surge nodes need 2 addresses',
    ],
    ['no plugin: a node', { cluster: none, pool: { maxPods: 110 }, reads: nodes(250) }, 'passed', '1 address'],
    [
      'flat: a node and its pods',
      { cluster: flat, pool: { maxPods: 30 }, reads: nodes(220) },
      'passed',
      '1 surge node needs 31 addresses of subnet nodes; 31 of 251',
    ],
    [
      'flat, an address too few',
      { cluster: flat, pool: { maxPods: 30 }, reads: nodes(221) },
      'failed',
      'needs 31 addresses of subnet nodes, but only 30 of 251',
    ],
    [
      'flat, two nodes',
      { cluster: flat, pool: { maxPods: 30, maxSurge: '50%' }, reads: nodes(190) },
      'failed',
      '2 surge nodes need 62 addresses of subnet nodes, but only 61',
    ],
    [
      'flat, with a mode that says so by nothing',
      { cluster: { networkPlugin: 'azure', networkPluginMode: '' }, pool: { maxPods: 30 }, reads: nodes(0) },
      'passed',
      '31 addresses',
    ],
    [
      'a pod subnet: room in both',
      { cluster: flat, pool: podSubnet, reads: both(250, 221) },
      'passed',
      '1 surge node needs 1 address of subnet nodes; 1 of 251 are free. 1 surge node needs 30 addresses of subnet pods; 30 of 251 are free.',
    ],
    [
      'a pod subnet without room',
      { cluster: flat, pool: podSubnet, reads: both(250, 222) },
      'failed',
      'needs 30 addresses of subnet pods, but only 29',
    ],
    [
      'a pod subnet, and a node subnet without room',
      { cluster: flat, pool: podSubnet, reads: both(251, 0) },
      'failed',
      'subnet nodes, but only 0',
    ],
    [
      'one of the two unread',
      { cluster: flat, pool: podSubnet, reads: { ...both(0, 0), podSubnet: { problem: '403' } } },
      'notRun',
      'could not be read (403)',
    ],
    [
      'one of the two unread, the other full: the worse is told',
      { cluster: flat, pool: podSubnet, reads: { ...both(251, 0), podSubnet: { problem: '403' } } },
      'failed',
      'only 0 of 251',
    ],
    [
      'no surge nodes',
      { pool: { maxSurge: '0', maxUnavailable: '1' }, reads: nodes(251) },
      'passed',
      'without surge nodes',
    ],
    ['a surge that can’t be read', { pool: { maxSurge: '' } }, 'notRun', 'maxSurge is ""'],
    [
      'an unknown plugin',
      { cluster: { networkPlugin: 'cilium' } },
      'notRun',
      'does not know what addresses this network plugin takes: cilium, mode overlay.',
    ],
    [
      'no plugin named',
      { cluster: { networkPlugin: undefined, networkPluginMode: undefined } },
      'notRun',
      'none named',
    ],
    [
      'an unknown mode',
      { cluster: { networkPlugin: 'azure', networkPluginMode: 'mesh' } },
      'notRun',
      'azure, mode mesh',
    ],
    ['flat, without maxPods', { cluster: flat }, 'notRun', 'ARM names no maxPods'],
    [
      'a pod subnet, without maxPods',
      { cluster: flat, pool: { podSubnetId: subnetId('pods') } },
      'notRun',
      'ARM names no maxPods',
    ],
    [
      'a subnet that can’t be read',
      { reads: { nodeSubnet: { problem: '403 AuthorizationFailed.' } } },
      'notRun',
      "The addresses of its subnet could not be read (403 AuthorizationFailed). If it stays so, give the keeper's role that read, or let the policy's preflight.subnet be",
    ],
    [
      'a subnet that Azure does not count',
      { reads: { nodeSubnet: usageOf('nodes', -1, -1) } },
      'notRun',
      'Azure does not count the addresses of subnet nodes.',
    ],
  ])('%s', (_what, overrides, result, sentence) => {
    const finding = subnet(somePreflightFacts(overrides));
    expect(finding.result).toBe(result);
    expect(finding.sentence).toContain(sentence);
  });

  it('gives the facts to programs', () => {
    const facts = somePreflightFacts({ cluster: flat, pool: podSubnet, reads: both(4, 8) });
    expect(subnet(facts).facts).toEqual({
      surgeNodes: 1,
      subnets: [
        { needed: 1, id: subnetId('nodes'), used: 4, limit: 251 },
        { needed: 30, id: subnetId('pods'), used: 8, limit: 251 },
      ],
    });
  });
});
