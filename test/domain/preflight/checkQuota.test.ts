import { describe, expect, it } from 'vitest';
import { quota } from '../../../shared/domain/preflight/checkQuota.ts';
import { quotasOf, somePreflightFacts } from './somePreflightFacts.ts';

type Overrides = Parameters<typeof somePreflightFacts>[0];
const withQuotas = (...quotas: Parameters<typeof quotasOf>) => ({ quotas: { value: quotasOf(...quotas) } });

describe('surge nodes against the quotas of family and region', () => {
  it.each<[string, Overrides, 'passed' | 'failed' | 'notRun', string]>([
    [
      'room in both',
      {},
      'passed',
      '1 surge node of Standard_D4s_v5 needs 4 vCPUs; westeurope has 84 of 100 left of standardDSv5Family and 84 of 100 left of cores.',
    ],
    ['just room', { reads: withQuotas([96, 100]) }, 'passed', '4 of 100 left of standardDSv5Family'],
    [
      'one core too few',
      { reads: withQuotas([97, 100], [97, 200]) },
      'failed',
      '1 surge node of Standard_D4s_v5 needs 4 vCPUs, but westeurope has only 3 of 100 left of standardDSv5Family. Raise the quota, free vCPUs, or lower',
    ],
    [
      'no room in the region',
      { reads: withQuotas([16, 100], [200, 200]) },
      'failed',
      'has only 0 of 200 left of cores. ',
    ],
    [
      'no room in either',
      { reads: withQuotas([100, 100]) },
      'failed',
      'only 0 of 100 left of standardDSv5Family and 0 of 100 left of cores.',
    ],
    [
      'more used than the quota',
      { reads: withQuotas([120, 100], [120, 200]) },
      'failed',
      'only 0 of 100 left of standardDSv5Family.',
    ],
    [
      'two nodes at a time',
      { pool: { maxSurge: '50%' }, reads: withQuotas([93, 100], [93, 200]) },
      'failed',
      '2 surge nodes of Standard_D4s_v5 need 8 vCPUs, but',
    ],
    [
      'never more than the pool has',
      { pool: { maxSurge: '99' }, reads: withQuotas([84, 100]) },
      'passed',
      '4 surge nodes of Standard_D4s_v5 need 16 vCPUs',
    ],
    [
      'none, where maxUnavailable works instead',
      { pool: { maxSurge: '0', maxUnavailable: '1' }, reads: withQuotas([100, 100]) },
      'passed',
      'without surge nodes',
    ],
    [
      'none beside no nodes',
      { pool: { count: 0, maxSurge: '50%' }, reads: withQuotas([100, 100]) },
      'passed',
      'without surge nodes',
    ],
    [
      'a family that its quota spells otherwise',
      {
        reads: {
          quotas: {
            value: [
              { name: 'cores', used: 0, limit: 9 },
              { name: 'Standard DSv5 Family', used: 0, limit: 3 },
            ],
          },
        },
      },
      'failed',
      'has only 3 of 3 left of Standard DSv5 Family',
    ],
    [
      'spot: a quota of its own',
      { pool: { scaleSetPriority: 'Spot' } },
      'failed',
      'has only 0 of 0 left of lowPriorityCores.',
    ],
    [
      'spot, with room there and none in the family',
      {
        pool: { scaleSetPriority: 'spot' },
        reads: {
          quotas: { value: [...quotasOf([100, 100]).slice(0, 2), { name: 'lowPriorityCores', used: 0, limit: 4 }] },
        },
      },
      'passed',
      '4 of 4 left of lowPriorityCores',
    ],
    ['a surge that can’t be read', { pool: { maxSurge: 'many' } }, 'notRun', 'maxSurge is "many"'],
    ['a count that is not known', { pool: { count: undefined } }, 'notRun', 'does not show how many nodes'],
    ['a region that is not known', { cluster: { location: undefined } }, 'notRun', 'ARM names no location'],
    [
      'a pool without a VM size',
      { pool: { vmSize: undefined, type: 'VirtualMachines' } },
      'notRun',
      'no VM size for this pool of type VirtualMachines',
    ],
    [
      'quotas that can’t be read',
      { reads: { quotas: { problem: '403 AuthorizationFailed.' } } },
      'notRun',
      'The vCPU quotas of westeurope could not be read (403 AuthorizationFailed). If it stays so, give the keeper\'s role that read, or let the policy\'s preflight.quota be "warn".',
    ],
    [
      'sizes that can’t be read',
      { reads: { vmSizes: { problem: '503' } } },
      'notRun',
      'The VM sizes of westeurope could not be read (503).',
    ],
    [
      'a size that the region does not list',
      { reads: { vmSizes: { value: [] } } },
      'notRun',
      'westeurope lists no VM size Standard_D4s_v5',
    ],
    [
      'a family without a quota',
      { reads: { quotas: { value: quotasOf([0, 100]).slice(0, 1) } } },
      'notRun',
      'shows no quota standardDSv5Family in westeurope',
    ],
    ['no quotas at all', { reads: { quotas: {} } }, 'notRun', 'no quota standardDSv5Family and cores'],
    ['a quota without a limit', { reads: withQuotas([0, -1], [0, 100]) }, 'notRun', 'no quota standardDSv5Family in'],
  ])('%s', (_what, overrides, result, sentence) => {
    const finding = quota(somePreflightFacts(overrides));
    expect(finding.result).toBe(result);
    expect(finding.sentence).toContain(sentence);
  });

  it('gives the facts to programs', () => {
    expect(quota(somePreflightFacts()).facts).toEqual({
      surgeNodes: 1,
      vmSize: 'Standard_D4s_v5',
      vCpusNeeded: 4,
      quotas: [
        { name: 'standardDSv5Family', used: 16, limit: 100 },
        { name: 'cores', used: 16, limit: 100 },
      ],
    });
  });

  describe('a pool of several VM sizes', () => {
    const sizes = [
      { name: 'Standard_D4s_v5', family: 'standardDSv5Family', vCpus: 4 },
      { name: 'Standard_D8s_v5', family: 'standardDSv5Family', vCpus: 8 },
      { name: 'Standard_E16s_v5', family: 'standardESv5Family', vCpus: 16 },
    ];
    const pool = {
      type: 'VirtualMachines',
      count: 6,
      vmSize: undefined,
      maxSurge: '2',
      nodesBySize: [
        { size: 'standard_d4s_v5', count: 3 },
        { size: 'Standard_D8s_v5', count: 2 },
        { size: 'Standard_E16s_v5', count: 1 },
      ],
    };
    // Two of four and two of eight vCPUs in one family, one of sixteen in the other.
    const quotas = (dsv5: number, esv5: number, cores: number) => ({
      value: [
        { name: 'cores', used: 0, limit: cores },
        { name: 'standardDSv5Family', used: 0, limit: dsv5 },
        { name: 'standardESv5Family', used: 0, limit: esv5 },
      ],
    });
    it.each([
      [
        'has room where each family has',
        quotas(24, 16, 40),
        'passed',
        '2 surge nodes of Standard_D8s_v5 need 16 vCPUs',
      ],
      [
        'is summed over the sizes of a family',
        quotas(23, 16, 40),
        'failed',
        'only 23 of 23 left of standardDSv5Family.',
      ],
      ['is asked of every family', quotas(24, 15, 40), 'failed', 'only 15 of 15 left of standardESv5Family.'],
      ['is summed over all in the region', quotas(24, 16, 39), 'failed', 'only 39 of 39 left of cores.'],
      ['is not known where a family has no quota', quotas(24, -1, 40), 'notRun', 'no quota standardESv5Family'],
    ] as const)('%s', (_what, value, result, sentence) => {
      const finding = quota(somePreflightFacts({ pool, reads: { quotas: value, vmSizes: { value: sizes } } }));
      expect(finding.result).toBe(result);
      expect(finding.sentence).toContain(sentence);
    });

    it('is not known where one of its sizes is not, by name or by vCPUs', () => {
      const two = quota(
        somePreflightFacts({ pool, reads: { quotas: quotas(99, 99, 99), vmSizes: { value: sizes.slice(1) } } }),
      );
      expect(two).toMatchObject({ result: 'notRun', facts: { vmSizes: ['standard_d4s_v5'] } });
      const nameless = { ...pool, nodesBySize: [{ count: 6 }] };
      expect(quota(somePreflightFacts({ pool: nameless, reads: { vmSizes: { value: sizes } } })).result).toBe('notRun');
    });
  });
});
