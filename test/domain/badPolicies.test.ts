import { expect, it } from 'vitest';
import { Policy, parsePolicy } from '../../shared/domain/policy.ts';
import { PreflightPolicy } from '../../shared/domain/preflight/preflightPolicy.ts';
import type { Problem } from '../../shared/domain/problems.ts';

const name = 'a name, with * and ? for any characters';
const image = 'a node image version or a release, with * and ?';
const modes = '"observe" or "enforce"';
const days = 'a whole number of days from 0 to 90';
const minutes = 'a whole number of minutes from 1 to 1440';
const date = 'a date as YYYY-MM-DD';
const zone = 'the IANA name of a time zone, for example Europe/Berlin';
const why = 'why, in up to 200 characters';
const somebody = 'one that names something; leave selectors out to select all clusters';
const aSelector = 'an object of subscription, resourceGroup, cluster, tags';
const aPolicy = `an object of ${Object.keys(Policy.shape).join(', ')}`;
const aPreflight = `an object of ${Object.keys(PreflightPolicy.shape).join(', ')}`;
const aFreeze = 'an object of from, until, timeZone, reason';
const no = (what: string) => `no field of that name, but ${what}`;

const freeze = { from: '2026-12-20', until: '2027-01-03', timeZone: 'Europe/Berlin', reason: 'Holidays' };

type Bad = readonly [
  document: unknown,
  ...problems: readonly (readonly [path: string, found: string, allowed: string])[],
];

/** A field of an otherwise good policy with each of these values. */
const each = (
  path: string,
  allowed: string,
  toFields: (value: unknown) => object,
  ...values: readonly (readonly [unknown, string])[]
) => values.map(([value, found]): Bad => [{ mode: 'enforce', ...toFields(value) }, [path, found, allowed]]);

/** What no text may be. */
const noText = [
  [null, 'null'],
  [1, '1'],
  [true, 'true'],
  [[], 'a list'],
  [{}, 'an object'],
  ['', '""'],
] as const;
const noObject = [
  [null, 'null'],
  [1, '1'],
  ['x', '"x"'],
  [[], 'a list'],
] as const;
const noList = [
  [null, 'null'],
  ['x', '"x"'],
  [{}, 'an object'],
] as const;
const noBoolean = [
  [null, 'null'],
  ['true', '"true"'],
  [1, '1'],
] as const;

const bad: readonly Bad[] = [
  [undefined, ['', 'missing', aPolicy]],
  ...([...noObject, [true, 'true']] as const).map(([document, found]): Bad => [document, ['', found, aPolicy]]),
  [{}, ['mode', 'missing', modes]],
  ...['Enforce', 'enforced', 'on', '', 'dryRun'].map((mode): Bad => [{ mode }, ['mode', JSON.stringify(mode), modes]]),
  ...(
    [
      [null, 'null'],
      [1, '1'],
      [true, 'true'],
      [['enforce'], 'a list'],
    ] as const
  ).map(([mode, found]): Bad => [{ mode }, ['mode', found, modes]]),
  // Fields that nothing obeys yet, or never will.
  ...['ring', 'concurrency', 'soak', 'cutoff', 'Mode', 'selector', 'notifications'].map(
    (field): Bad => [{ mode: 'enforce', [field]: 1 }, [field, '1', no(aPolicy)]],
  ),
  [{ mode: 'enforce', a: null, b: 'x' }, ['a', 'null', no(aPolicy)], ['b', '"x"', no(aPolicy)]],
  ...each(
    '$schema',
    'the address of the JSON Schema, as text',
    (value) => ({ $schema: value }),
    [1, '1'],
    [null, 'null'],
  ),
  ...each('selectors', 'a list of selectors', (value) => ({ selectors: value }), ...noList),
  ...each('selectors.0', aSelector, (value) => ({ selectors: [value] }), ...noObject),
  ...each(
    'selectors.1.subscription',
    name,
    (value) => ({ selectors: [{ cluster: 'a' }, { subscription: value }] }),
    ...noText,
  ),
  ...each('selectors.0.resourceGroup', name, (value) => ({ selectors: [{ resourceGroup: value }] }), ...noText),
  ...each('selectors.0.cluster', name, (value) => ({ selectors: [{ cluster: value }] }), ...noText),
  ...each(
    'selectors.0.tags',
    'an object of tags and their values',
    (value) => ({ selectors: [{ tags: value }] }),
    ...noObject,
  ),
  ...each(
    'selectors.0.tags.stage',
    "the tag's value as text",
    (value) => ({ selectors: [{ tags: { stage: value } }] }),
    [1, '1'],
    [null, 'null'],
    [['a'], 'a list'],
  ),
  [{ mode: 'enforce', selectors: [{ clusters: 'a' }] }, ['selectors.0.clusters', '"a"', no(aSelector)]],
  [{ mode: 'enforce', selectors: [{}] }, ['selectors.0', 'an object', somebody]],
  [{ mode: 'enforce', selectors: [{ cluster: 'a' }, { tags: {} }] }, ['selectors.1', 'an object', somebody]],
  ...each('images', 'an object of minimumAgeDays, block', (value) => ({ images: value }), ...noObject),
  ...each(
    'images.minimumAgeDays',
    days,
    (value) => ({ images: { minimumAgeDays: value } }),
    [-1, '-1'],
    [91, '91'],
    [1.5, '1.5'],
    ['7', '"7"'],
    [null, 'null'],
    [1e300, '1e+300'],
  ),
  ...each(
    'images.block',
    'a list of node image versions or releases, with * and ?',
    (value) => ({ images: { block: value } }),
    ...noList,
  ),
  ...each('images.block.1', image, (value) => ({ images: { block: ['202601.07.0', value] } }), ...noText),
  [
    { mode: 'enforce', images: { minAgeDays: 3 } },
    ['images.minAgeDays', '3', no('an object of minimumAgeDays, block')],
  ],
  ...each('estimate', 'an object of minutesPerBatch', (value) => ({ estimate: value }), ...noObject),
  ...each(
    'estimate.minutesPerBatch',
    minutes,
    (value) => ({ estimate: { minutesPerBatch: value } }),
    [0, '0'],
    [-5, '-5'],
    [1441, '1441'],
    [0.5, '0.5'],
    ['10', '"10"'],
  ),
  [{ mode: 'enforce', estimate: { minutes: 3 } }, ['estimate.minutes', '3', no('an object of minutesPerBatch')]],
  ...each(
    'overrun',
    '"start" or "block"',
    (value) => ({ overrun: value }),
    ['allow', '"allow"'],
    [true, 'true'],
    [null, 'null'],
  ),
  ...each('preflight', aPreflight, (value) => ({ preflight: value }), ...noObject),
  ...Object.keys(PreflightPolicy.shape).flatMap((field) =>
    each(
      `preflight.${field}`,
      field === 'notRun' ? '"block" or "warn"' : '"block", "warn" or "off"',
      (value) => ({ preflight: { [field]: value } }),
      [null, 'null'],
      ['Block', '"Block"'],
      [true, 'true'],
      ...(field === 'notRun' ? ([['off', '"off"']] as const) : []),
    ),
  ),
  [{ mode: 'enforce', preflight: { qouta: 'warn' } }, ['preflight.qouta', '"warn"', no(aPreflight)]],
  ...each('trustIntervals', 'true or false', (value) => ({ trustIntervals: value }), ...noBoolean),
  ...each('freezes', 'a list of freezes', (value) => ({ freezes: value }), ...noList),
  ...each('freezes.0', aFreeze, (value) => ({ freezes: [value] }), ...noObject),
  ...(['from', 'until'] as const).flatMap((field) =>
    each(
      `freezes.0.${field}`,
      date,
      (value) => ({ freezes: [{ ...freeze, [field]: value }] }),
      [undefined, 'missing'],
      ['2026-02-30', '"2026-02-30"'],
      ['20.12.2026', '"20.12.2026"'],
      ['2026-12-20T00:00:00Z', '"2026-12-20T00:00:00Z"'],
      [20261220, '20261220'],
    ),
  ),
  ...each(
    'freezes.0.until',
    'the same day as from, or a later one',
    (value) => ({ freezes: [{ ...freeze, until: value }] }),
    ['2026-12-19', '"2026-12-19"'],
  ),
  ...each(
    'freezes.0.timeZone',
    zone,
    (value) => ({ freezes: [{ ...freeze, timeZone: value }] }),
    [undefined, 'missing'],
    ['', '""'],
    ['Mars/Olympus', '"Mars/Olympus"'],
    ['+01:00', '"+01:00"'],
    [1, '1'],
  ),
  ...each(
    'freezes.0.reason',
    why,
    (value) => ({ freezes: [{ ...freeze, reason: value }] }),
    [undefined, 'missing'],
    ['', '""'],
    [1, '1'],
  ),
  [
    { mode: 'enforce', freezes: [{ ...freeze, reason: 'x'.repeat(201) }] },
    ['freezes.0.reason', `"${'x'.repeat(80)}…"`, why],
  ],
  [{ mode: 'enforce', freezes: [freeze, { ...freeze, zone: 'UTC' }] }, ['freezes.1.zone', '"UTC"', no(aFreeze)]],
  // All at once.
  [
    { mode: 'on', selectors: [{ cluster: '' }, { tags: { a: 1 } }], overrun: 'no', ring: [] },
    ['mode', '"on"', modes],
    ['selectors.0.cluster', '""', name],
    ['selectors.1.tags.a', '1', "the tag's value as text"],
    ['overrun', '"no"', '"start" or "block"'],
    ['ring', 'a list', no(aPolicy)],
  ],
];

it.each(bad.map((row) => [JSON.stringify(row[0])?.slice(0, 100), row] as const))(
  '%s',
  (_what, [document, ...expected]) => {
    const result = parsePolicy(document);
    const problems: readonly Problem[] = result.ok ? [] : result.problems;
    expect(problems.map(({ path, found, allowed }) => [path, found, allowed])).toEqual(expected);
  },
);

it('are more than a hundred', () => {
  expect(bad.length).toBeGreaterThan(100);
});
