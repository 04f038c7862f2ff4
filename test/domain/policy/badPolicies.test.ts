import { expect, it } from 'vitest';
import { Policy, parsePolicy } from '../../../shared/domain/policy/policy.ts';
import { PreflightPolicy } from '../../../shared/domain/policy/preflightPolicy.ts';
import { Ring } from '../../../shared/domain/policy/ring.ts';
import type { Problem } from '../../../shared/domain/text/fieldProblems.ts';

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
const poolSomebody = 'one that names something; cluster: "*" names every cluster';
const aPoolSelector = `${aSelector}, nodePool`;
const aRing = `an object of ${Object.keys(Ring.shape).join(', ')}`;
const ringName = 'a name of letters, digits and hyphens, up to 40 characters';
const hours = 'a whole number of hours from 0 to 2160';
const ringPools = 'a whole number of pools from 1 to 1000';
const limitPools = 'a whole number of pools from 1 to 100';
const aLimit = 'an object of pools, hold';
const no = (what: string) => `no field of that name, but ${what}`;

const ring = { name: 'dev', selectors: [{ cluster: 'dev-*' }] };
const limit = { pools: 2, hold: 'release' };
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

const notifications =
  'a list of types of notifications: NodeImageTransition, ChangeOutsideWindow, AttemptStarted, AttemptSucceeded, AttemptPartial, AttemptFailed, AttemptStuck, WindowMissed, PoolStale, RingWaitingForApproval, UpgradeAhead, ReportReady';

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
  ...['ring', 'concurrency', 'soak', 'cutoff', 'Mode', 'selector', 'notification'].map(
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
  ...each('notifications', 'an object of types', (value) => ({ notifications: value }), ...noObject),
  ...each('notifications.types', notifications, (value) => ({ notifications: { types: value } }), ...noList),
  ...each(
    'notifications.types.1',
    notifications,
    (value) => ({ notifications: { types: ['AttemptFailed', value] } }),
    ['AksNodeImageKeeper.AttemptFailed', '"AksNodeImageKeeper.AttemptFailed"'],
    ['attemptFailed', '"attemptFailed"'],
    [1, '1'],
  ),
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
  ...each('rings', 'a list of rings, in their order', (value) => ({ rings: value }), ...noList),
  ...each('rings', 'a list of at least one ring; leave rings out to have none', (value) => ({ rings: value }), [
    [],
    'a list',
  ]),
  ...each('rings.0', aRing, (value) => ({ rings: [value] }), ...noObject),
  ...each(
    'rings.1.name',
    ringName,
    (value) => ({ rings: [ring, { ...ring, name: value }] }),
    ...noText,
    [undefined, 'missing'],
    ['my ring', '"my ring"'],
    ['-dev', '"-dev"'],
    ['dev|1', '"dev|1"'],
    ['d\u00e9v', '"d\u00e9v"'],
    ['x'.repeat(41), `"${'x'.repeat(41)}"`],
  ),
  ...each(
    'rings.2.name',
    'a name that no ring before it has',
    (value) => ({ rings: [ring, { ...ring, name: 'staging' }, { ...ring, name: value }] }),
    ['dev', '"dev"'],
    ['Staging', '"Staging"'],
  ),
  ...each(
    'rings.0.selectors',
    'a list of at least one selector',
    (value) => ({ rings: [{ ...ring, selectors: value }] }),
    ...noList,
    [[], 'a list'],
    [undefined, 'missing'],
  ),
  ...each('rings.0.selectors.0', aPoolSelector, (value) => ({ rings: [{ ...ring, selectors: [value] }] }), ...noObject),
  ...each(
    'rings.0.selectors.1',
    poolSomebody,
    (value) => ({ rings: [{ ...ring, selectors: [{ cluster: 'a' }, value] }] }),
    [{}, 'an object'],
    [{ tags: {} }, 'an object'],
  ),
  ...(['subscription', 'resourceGroup', 'cluster', 'nodePool'] as const).flatMap((field) =>
    each(
      `rings.0.selectors.0.${field}`,
      name,
      (value) => ({ rings: [{ ...ring, selectors: [{ [field]: value }] }] }),
      ...noText,
    ),
  ),
  ...each(
    'rings.0.selectors.0.tags',
    'an object of tags and their values',
    (value) => ({ rings: [{ ...ring, selectors: [{ tags: value }] }] }),
    ...noObject,
  ),
  ...each(
    'rings.0.selectors.0.tags.stage',
    "the tag's value as text",
    (value) => ({ rings: [{ ...ring, selectors: [{ tags: { stage: value } }] }] }),
    [1, '1'],
    [null, 'null'],
  ),
  [
    { mode: 'enforce', rings: [{ ...ring, selectors: [{ pool: 'a' }] }] },
    ['rings.0.selectors.0.pool', '"a"', no(aPoolSelector)],
  ],
  ...each(
    'rings.0.ringSoakHours',
    hours,
    (value) => ({ rings: [{ ...ring, ringSoakHours: value }] }),
    [-1, '-1'],
    [2161, '2161'],
    [0.5, '0.5'],
    ['24', '"24"'],
    ['P1D', '"P1D"'],
    [null, 'null'],
  ),
  ...each(
    'rings.0.concurrency',
    ringPools,
    (value) => ({ rings: [{ ...ring, concurrency: value }] }),
    [0, '0'],
    [-1, '-1'],
    [1001, '1001'],
    [1.5, '1.5'],
    ['10%', '"10%"'],
    [null, 'null'],
  ),
  ...each(
    'rings.0.mode',
    modes,
    (value) => ({ rings: [{ ...ring, mode: value }] }),
    ['Enforce', '"Enforce"'],
    ['', '""'],
    [true, 'true'],
    [null, 'null'],
  ),
  ...each('rings.0.approval', 'true or false', (value) => ({ rings: [{ ...ring, approval: value }] }), ...noBoolean, [
    'manual',
    '"manual"',
  ]),
  ...each(
    'rings.0.unsoakedFamily',
    '"nearest", "approval" or "block"',
    (value) => ({ rings: [{ ...ring, unsoakedFamily: value }] }),
    ['Nearest', '"Nearest"'],
    ['start', '"start"'],
    [true, 'true'],
    [null, 'null'],
  ),
  // What rings have elsewhere, and what is easily misspelled.
  ...['order', 'soakHours', 'soak', 'ringSoakDays', 'maxConcurrency', 'approvals', 'selector', 'window'].map(
    (field): Bad => [
      { mode: 'enforce', rings: [ring, { ...ring, name: 'prod', [field]: 1 }] },
      [`rings.1.${field}`, '1', no(aRing)],
    ],
  ),
  ...each('approvals', 'an object of byOthers', (value) => ({ approvals: value }), ...noObject),
  ...each('approvals.byOthers', 'true or false', (value) => ({ approvals: { byOthers: value } }), ...noBoolean, [
    undefined,
    'missing',
  ]),
  [{ mode: 'enforce', approvals: { byOthers: true, count: 2 } }, ['approvals.count', '2', no('an object of byOthers')]],
  ...each('failureLimit', aLimit, (value) => ({ failureLimit: value }), ...noObject),
  ...each(
    'failureLimit.pools',
    limitPools,
    (value) => ({ failureLimit: { ...limit, pools: value } }),
    [undefined, 'missing'],
    [0, '0'],
    [101, '101'],
    [1.5, '1.5'],
    ['2', '"2"'],
    [null, 'null'],
  ),
  ...each(
    'failureLimit.hold',
    '"ring" or "release"',
    (value) => ({ rings: [ring], failureLimit: { ...limit, hold: value } }),
    [undefined, 'missing'],
    ['fleet', '"fleet"'],
    ['Ring', '"Ring"'],
    [true, 'true'],
    [null, 'null'],
  ),
  [
    { mode: 'enforce', failureLimit: { ...limit, hold: 'ring' } },
    ['failureLimit.hold', '"ring"', '"release"; "ring" needs a policy with rings'],
  ],
  [{ mode: 'enforce', failureLimit: { ...limit, percent: 5 } }, ['failureLimit.percent', '5', no(aLimit)]],
  // What looks at two fields is named beside what is wrong with one of them.
  [
    { mode: 'on', rings: [ring, { ...ring, name: 'Dev', mode: 'on' }, 5, null] },
    ['mode', '"on"', modes],
    ['rings.1.mode', '"on"', modes],
    ['rings.2', '5', aRing],
    ['rings.3', 'null', aRing],
    ['rings.1.name', '"Dev"', 'a name that no ring before it has'],
  ],
  [
    { mode: 'on', failureLimit: { pools: 0, hold: 'ring' } },
    ['mode', '"on"', modes],
    ['failureLimit.pools', '0', limitPools],
    ['failureLimit.hold', '"ring"', '"release"; "ring" needs a policy with rings'],
  ],
  [
    { mode: 'enforce', rings: 'all', failureLimit: { ...limit, hold: 'ring' } },
    ['rings', '"all"', 'a list of rings, in their order'],
  ],
  // All at once.
  [
    {
      mode: 'enforce',
      rings: [{ name: '', selectors: [{}], ringSoakHours: -1 }, { name: 'prod' }],
      approvals: {},
      failureLimit: { pools: 0 },
    },
    ['rings.0.name', '""', ringName],
    ['rings.0.selectors.0', 'an object', poolSomebody],
    ['rings.0.ringSoakHours', '-1', hours],
    ['rings.1.selectors', 'missing', 'a list of at least one selector'],
    ['approvals.byOthers', 'missing', 'true or false'],
    ['failureLimit.pools', '0', limitPools],
    ['failureLimit.hold', 'missing', '"ring" or "release"'],
  ],
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
