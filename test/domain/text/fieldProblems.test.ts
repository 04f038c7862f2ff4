import { expect, it } from 'vitest';
import { parseHold } from '../../../shared/domain/policy/hold.ts';
import { parsePolicy } from '../../../shared/domain/policy/policy.ts';
import type { Problem } from '../../../shared/domain/text/fieldProblems.ts';
import { now } from '../../builders.ts';

const many = 6000;
const keys = (value: unknown) => Object.fromEntries(Array.from({ length: many }, (_, index) => [`k${index}`, value]));
const list = (value: unknown) => Array.from({ length: many }, () => value);

type Parsed = { readonly ok: true } | { readonly ok: false; readonly problems: readonly Problem[] };

it.each<[string, () => Parsed, string]>([
  ['fields that nobody reads', () => parsePolicy({ mode: 'enforce', ...keys(0) }), 'k99'],
  [
    'fields of a hold that nobody reads',
    () => parseHold({ scope: 'fleet', owner: 'a', reason: 'b', ...keys(0) }, now),
    'k99',
  ],
  ['selectors of nothing', () => parsePolicy({ mode: 'enforce', selectors: list({}) }), 'selectors.99'],
  ['freezes of nothing', () => parsePolicy({ mode: 'enforce', freezes: list({}) }), 'freezes.24.reason'],
  [
    'rings of one name',
    () => parsePolicy({ mode: 'enforce', rings: list({ name: 'a', selectors: [{ cluster: '*' }] }) }),
    'rings.100.name',
  ],
  ['tags of no text', () => parsePolicy({ mode: 'enforce', selectors: [{ tags: keys(0) }] }), 'selectors.0.tags.k99'],
])('lists the first 100 problems of very many, in time linear in them: %s', (_what, parse, last) => {
  const before = process.cpuUsage();
  const parsed = parse();
  const { user, system } = process.cpuUsage(before);
  expect(parsed.ok ? [] : parsed.problems).toHaveLength(100);
  expect(parsed.ok ? '' : parsed.problems.at(-1)?.path).toBe(last);
  // When it was quadratic, so many took 12 seconds.
  expect((user + system) / 1e6).toBeLessThan(1.5);
});

it('lists what is wrong inside an object, not the object, once a field', () => {
  const parsed = parsePolicy({
    mode: 'enforce',
    selectors: [{ tags: { a: 1 }, x: 0 }, {}],
    rings: [{ name: 'A' }, { name: 'a' }],
  });
  expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path)).toEqual([
    'selectors.0.tags.a',
    'selectors.0.x',
    'selectors.1',
    'rings.0.selectors',
    'rings.1.selectors',
    'rings.1.name',
  ]);
});
