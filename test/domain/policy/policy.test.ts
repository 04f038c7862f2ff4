import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noPolicy, Policy, parsePolicy, selects } from '../../../shared/domain/policy/policy.ts';
import { Ring } from '../../../shared/domain/policy/ring.ts';
import { aCluster, clusterId } from '../../builders.ts';

describe('parsePolicy', () => {
  it.each([
    ['the least', { mode: 'observe' }],
    [
      'everything',
      { mode: 'enforce', selectors: [{ subscription: 's', resourceGroup: 'r*', cluster: 'c?', tags: { a: '' } }] },
    ],
    ['no cluster at all', { mode: 'enforce', selectors: [] }],
  ])('takes %s as it stands', (_what, document) => {
    expect(parsePolicy(document)).toEqual({ ok: true, policy: document });
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, ''],
    ['text', 'enforce', ''],
    ['null', null, ''],
    ['a list', [], ''],
    ['no mode', {}, 'mode'],
    ['a mode that nobody knows', { mode: 'Enforce' }, 'mode'],
    ['a field that nobody reads, perhaps misspelled', { mode: 'enforce', selector: [] }, 'selector'],
    ['selectors that are no list', { mode: 'observe', selectors: {} }, 'selectors'],
    ['a misspelled field in a selector', { mode: 'observe', selectors: [{ clusters: 'a' }] }, 'selectors.0.clusters'],
    ['an empty name', { mode: 'observe', selectors: [{ cluster: 'a' }, { cluster: '' }] }, 'selectors.1.cluster'],
    ['a tag that is no text', { mode: 'observe', selectors: [{ tags: { ring: 1 } }] }, 'selectors.0.tags.ring'],
    // Either would select the whole fleet by accident.
    ['a selector that names nothing', { mode: 'enforce', selectors: [{}] }, 'selectors.0'],
    ['a selector of no tags', { mode: 'enforce', selectors: [{ tags: {} }] }, 'selectors.0'],
  ])('refuses %s, and names the field', (_what, document, path) => {
    const result = parsePolicy(document);
    if (result.ok) throw new Error('it was taken');
    expect(result.problems.map((problem) => problem.path)).toContain(path);
    for (const { found, allowed } of result.problems) expect(found && allowed).not.toBe('');
  });

  it('lists every problem, not the first only', () => {
    const result = parsePolicy({ mode: 'off', selectors: [{ cluster: '' }] });
    expect(result.ok ? [] : result.problems.map((problem) => problem.path)).toEqual(['mode', 'selectors.0.cluster']);
  });
});

describe('selects', () => {
  const cluster = aCluster({ tags: { Ring: 'canary', owner: 'shop' } });

  it.each([
    ['no selectors: the whole fleet', undefined, true],
    ['an empty list: nothing', [], false],
    ['its subscription', [{ subscription: '3B7A1C9E-*' }], true],
    ['another subscription', [{ subscription: 'ffffffff-*' }], false],
    ['its resource group', [{ resourceGroup: 'RG-shop' }], true],
    ['its name', [{ cluster: 'aks-*-we' }], true],
    ['another name', [{ cluster: 'aks-*-ne' }], false],
    ['every field must match', [{ resourceGroup: 'rg-shop', cluster: 'other' }], false],
    ['one selector is enough', [{ cluster: 'other' }, { resourceGroup: 'rg-*' }], true],
    ['a tag, its name in any case', [{ tags: { RING: 'canary' } }], true],
    ['a tag’s value in its own case only', [{ tags: { ring: 'Canary' } }], false],
    ['a tag’s value is no pattern', [{ tags: { ring: 'can*' } }], false],
    ['all tags must match', [{ tags: { ring: 'canary', owner: 'bank' } }], false],
    ['a tag that it lacks', [{ tags: { team: '' } }], false],
  ])('%s', (_what, selectors, expected) => {
    expect(selects({ mode: 'enforce', ...(selectors ? { selectors } : {}) }, cluster)).toBe(expected);
  });

  it('selects no cluster whose id can’t be read', () => {
    expect(selects({ mode: 'enforce', selectors: [{ cluster: '*' }] }, aCluster({ id: `${clusterId}/x` }))).toBe(false);
  });
});

it('without a policy nothing is enforced', () => {
  expect(noPolicy.policy.mode).toBe('observe');
  expect(noPolicy.problem).toContain('No policy');
});

it('takes the samples of docs/operations.md, which together have every field', () => {
  const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const samples = [...page.matchAll(/```jsonc\n(.*?)```/gs)].map(
    ([, sample = '']) => JSON.parse(sample.replaceAll(/ \/\/ .*$/gm, '')) as object,
  );
  expect(samples).toHaveLength(2);
  for (const document of samples) expect(parsePolicy(document)).toEqual({ ok: true, policy: document });
  expect([...new Set(samples.flatMap(Object.keys))].toSorted()).toEqual(Object.keys(Policy.shape).toSorted());
  const rings = (samples[1] as { readonly rings: readonly object[] }).rings;
  expect([...new Set(rings.flatMap(Object.keys))].toSorted()).toEqual(Object.keys(Ring.shape).toSorted());
});
