import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { differences, type Row, type TruePost, type TrueRoll, type Truth } from './judge.ts';

const at = (time: string) => Temporal.Instant.from(`2026-11-03T${time}:00Z`);
const roll = (fields: Partial<TrueRoll> = {}): TrueRoll => ({
  cluster: '/clusters/shop',
  nodePool: 'apps',
  from: 'old',
  to: 'new',
  by: 'keeper',
  startedAt: at('12:30'),
  ...fields,
});
const row = (fields: Partial<Row> = {}): Row => ({
  cluster: '/clusters/shop',
  nodePool: 'apps',
  kind: 'transition',
  from: 'old',
  to: 'new',
  cause: 'keeper',
  inWindow: true,
  outcome: 'succeeded',
  attempt: 'a',
  ...fields,
});
const post = (fields: Partial<TruePost> = {}): TruePost => ({
  cluster: '/clusters/shop',
  nodePool: 'apps',
  at: at('12:30'),
  during: undefined,
  correlationId: 'p',
  ...fields,
});
const truth = (fields: Partial<Truth> = {}): Truth => ({
  rolls: [roll()],
  posts: [post()],
  open: new Map([['/clusters/shop', { opensAt: at('12:00'), closesAt: at('16:00') }]]),
  ...fields,
});
const later = { from: 'new', to: 'newest', attempt: 'b' };

describe('differences', () => {
  it.each<[string, Truth, readonly Row[]]>([
    ['the truth', truth(), [row()]],
    ['what nobody knows', truth(), [row({ cause: 'unknown', inWindow: 'unknown' })]],
    ['an attempt that came to nothing', truth(), [row(), row({ kind: 'rolled', outcome: 'notStarted', attempt: 'b' })]],
    [
      'a person outside of the window',
      truth({ rolls: [roll({ by: 'person', startedAt: at('16:00') })], posts: [] }),
      [row({ cause: 'manual', inWindow: false, attempt: undefined })],
    ],
    [
      'two rolls of a pool',
      truth({ rolls: [roll(), roll({ by: 'person', from: 'new', to: 'newest' })] }),
      [row(), row({ ...later, cause: 'manual' })],
    ],
  ])('finds none in %s', (_what, happened, rows) => {
    expect(differences(happened, rows, rows)).toEqual([]);
  });

  it.each<[string, Truth, readonly Row[], readonly Row[], RegExp]>([
    ['a roll that is missing', truth(), [], [row()], /^history: shop\/apps from old to new happened 1 .* recorded 0/],
    ['one that only the history has', truth(), [row()], [], /^ledger: .* recorded 0 times/],
    ['a roll twice', truth(), [row(), row({ attempt: 'b' })], [row()], /recorded 2 times/],
    ['a roll that never was', truth(), [row(), row(later)], [row()], /from new to newest happened 0 times/],
    [
      'a failure that never was',
      truth(),
      [row(), row({ kind: 'rolled', outcome: 'failed' })],
      [row()],
      /failed, which/,
    ],
    ['our roll as manual', truth(), [row({ cause: 'manual' })], [row()], /by the keeper has cause manual/],
    ["a person's as ours", truth({ rolls: [roll({ by: 'person' })] }), [row()], [row()], /by the person has cause kee/],
    ['a window that was closed', truth({ open: new Map() }), [row()], [row()], /says inWindow true/],
    ['a start that was outside', truth({ posts: [post({ at: at('16:00') })] }), [row()], [row()], /outside the window/],
    ['a request sent twice', truth({ posts: [post(), post()] }), [row()], [row()], /was sent twice/],
    ['a request too many', truth({ posts: [post({ during: 'keeper' })] }), [row()], [row()], /own roll ran/],
    [
      'one attempt for two',
      truth(),
      [row(), row({ kind: 'rolled', outcome: 'notStarted' })],
      [row()],
      /stands in 2 rows/,
    ],
  ])('finds %s', (_what, happened, rows, ledger, expected) => {
    expect(differences(happened, rows, ledger).join('\n')).toMatch(expected);
  });
});
