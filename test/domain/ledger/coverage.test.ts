import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { coverageAfter, coverageAfterAll, type Listing } from '../../../shared/domain/ledger/coverage.ts';
import type { ChainHead } from '../../../shared/domain/ledger/heads.ts';

const at = (time: string) => Temporal.Instant.from(`2026-11-03T${time}:00Z`);
const noon = at('12:00');
const aChain = (fields: Partial<ChainHead> = {}): ChainHead => ({
  cluster: 'the cluster',
  sequence: 3,
  hash: 'h',
  observedAt: at('01:00'),
  ...fields,
});
const aListing = (fields: Partial<Listing> = {}): Listing => ({
  at: noon,
  isListed: true,
  before: at('11:55'),
  reason: 'No pass.',
  ...fields,
});
const gap = (from: string, reason = 'No pass.') => ({
  kind: 'gap',
  cluster: 'the cluster',
  observedAt: noon.toString(),
  unseenFrom: at(from).toString(),
  unseenTo: noon.toString(),
  reason,
});
const leftOut = 'The lists of its subscription left the cluster out.';

describe('what a list says of a cluster', () => {
  it.each<[string, Partial<ChainHead>, Partial<Listing>, Partial<ChainHead> | undefined, object | undefined]>([
    ['listed, as a moment ago', {}, {}, undefined, undefined],
    ['the first list of all', {}, { before: undefined }, undefined, undefined],
    ['a gap to the minute is none', {}, { before: at('11:00') }, undefined, undefined],
    ['a gap', {}, { before: at('10:59') }, { gapsTo: at('12:00') }, gap('10:59')],
    ['a gap that is told', { gapsTo: at('12:00') }, { before: at('10:00') }, undefined, undefined],
    ['a gap that is told up to a moment ago', { gapsTo: at('11:50') }, { before: at('10:00') }, undefined, undefined],
    ['one after one', { gapsTo: at('10:30') }, { before: at('10:00') }, { gapsTo: at('12:00') }, gap('10:30')],
    ['a clock that is behind', {}, { before: at('12:05') }, undefined, undefined],
    [
      'a clock that was ahead by hours',
      { gapsTo: at('20:00') },
      { before: at('03:00') },
      { gapsTo: at('12:00') },
      gap('03:00'),
    ],
    ['a clock that was ahead a little', { gapsTo: at('12:40') }, { before: at('03:00') }, undefined, undefined],
    ['not listed any more', {}, { isListed: false }, { unlistedSince: at('11:55') }, undefined],
    ['not listed by the first', {}, { isListed: false, before: undefined }, { unlistedSince: at('12:00') }, undefined],
    ['still not listed', { unlistedSince: at('03:00') }, { isListed: false }, undefined, undefined],
    ['listed again soon', { unlistedSince: at('11:30') }, {}, {}, undefined],
    ['listed again', { unlistedSince: at('03:00') }, {}, { gapsTo: at('12:00') }, gap('03:00', leftOut)],
    ['gone', { gone: true }, { before: at('03:00') }, undefined, undefined],
    ['gone and not listed', { gone: true }, { isListed: false }, undefined, undefined],
  ])('%s', (_what, chain, listing, expectedChain, expectedGap) => {
    const expected = expectedChain && {
      chain: aChain(expectedChain),
      ...(expectedGap && { gap: expectedGap }),
    };
    expect(coverageAfter(aChain(chain), aListing(listing), 60, noon)).toEqual(expected);
  });

  it('can be recorded whatever ARM’s words are', () => {
    const { gap } =
      coverageAfter(aChain(), aListing({ before: at('01:00'), reason: `${'x'.repeat(499)}😀` }), 60, noon) ?? {};
    expect(gap).toMatchObject({ reason: expect.stringMatching(/^x+… \(501 characters\)$/) });
    expect(JSON.stringify(gap)).not.toContain('\\ud');
  });

  it('tells each long span between lists once, and nothing else', () => {
    const minutes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 30 });
    const isListed = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(minutes, isListed, fc.boolean(), (steps, listedAt, repeats) => {
        const start = Temporal.Instant.from(at('00:00'));
        let chain = aChain({ observedAt: start });
        let [now, before, lastListed] = [start, start, start];
        for (const [index, step] of steps.entries()) {
          now = now.add({ minutes: step });
          const listing = aListing({ at: now, before: before, isListed: listedAt[index] ?? true });
          const isGap = listing.isListed && Temporal.Instant.compare(lastListed.add({ minutes: 60 }), now) < 0;
          const told = coverageAfter(chain, listing, 60, now);
          expect(told?.gap).toEqual(
            isGap
              ? expect.objectContaining({ unseenFrom: lastListed.toString(), unseenTo: now.toString() })
              : undefined,
          );
          chain = told?.chain ?? chain;
          // A pass that was lost before it was noted, and comes again.
          if (repeats) expect(coverageAfter(chain, listing, 60, now)).toBeUndefined();
          before = now;
          if (listing.isListed) lastListed = now;
        }
      }),
    );
  });

  it('says the same when what several lists say is told at once, and nothing when all of it is told again', () => {
    const steps = fc.array(fc.record({ minutes: fc.integer({ min: 1, max: 200 }), isListed: fc.boolean() }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, (taken) => {
        const chain = aChain({ observedAt: at('00:00') });
        let [now, oneByOne] = [at('00:00'), chain];
        const gaps: unknown[] = [];
        const listings: Listing[] = [];
        for (const { minutes, isListed } of taken) {
          const before = now;
          now = now.add({ minutes });
          const listing = aListing({ at: now, before, isListed });
          const told = coverageAfter(oneByOne, listing, 60, now);
          if (told?.gap) gaps.push(told.gap);
          oneByOne = told?.chain ?? oneByOne;
          listings.push(listing);
        }
        const { chain: after, gaps: atOnce } = coverageAfterAll(chain, listings, 60, now) ?? { chain, gaps: [] };
        expect(after).toEqual(oneByOne);
        expect(atOnce).toEqual(gaps);
        expect(coverageAfterAll(after, listings, 60, now)).toBeUndefined();
      }),
    );
  });
});
