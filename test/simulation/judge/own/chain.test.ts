import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { chainEntries } from '../../../../shared/domain/ledger/chain.ts';
import type { Entry, Ledger } from '../../record/stored.ts';
import { brokenChain } from './chain.ts';

const seen = (nodePool: string) => ({
  kind: 'firstSeen' as const,
  cluster: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c1',
  nodePool,
  nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202610.18.1',
  observedAt: '2026-10-20T00:00:00Z',
});
const entries = chainEntries(
  undefined,
  ['system', 'pool1', 'pool2'].map(seen),
  Temporal.Instant.from('2026-10-20T00:00:01Z'),
) as Entry[];
const [first, second, third] = entries as [Entry, Entry, Entry];

function ledgerOf(some: readonly Entry[], head: Entry | undefined = some.at(-1)): Ledger {
  const chain = head && { sequence: head.sequence, hash: head.hash };
  return { entries: some, chain, pools: [], clusterView: [], monthView: [] };
}

describe('the chain of a ledger', () => {
  it.each([
    ['as the keeper wrote it', ledgerOf(entries)],
    ['without entries', ledgerOf([])],
  ])('is whole: %s', (_what, ledger) => {
    expect(brokenChain(ledger)).toBeUndefined();
  });

  it.each([
    ['an entry is missing', ledgerOf([first, third]), 'entry 2: it has the number 3'],
    ['the first is missing', ledgerOf([second, third]), 'entry 1: it has the number 2'],
    ['a field was changed', ledgerOf([{ ...first, nodePool: 'other' } as Entry, second, third]), 'entry 1: its hash'],
    ['a field was added', ledgerOf([first, Object.assign({}, second, { added: 1 }), third]), 'entry 2: its hash'],
    ['it links to another', ledgerOf([first, { ...second, previousHash: third.hash }, third]), 'entry 2: it links to'],
    ['the newest is missing', ledgerOf([first, second], third), 'the head names entry 3 of 2'],
    ['the head is an older one', ledgerOf(entries, second), 'the head names entry 2 of 3'],
    ['all are missing', ledgerOf([], third), 'the head names entry 3 of none'],
    ['the head is missing', { ...ledgerOf(entries), chain: undefined }, 'the head names entry undefined of 3'],
  ])('is broken: %s', (_what, ledger, said) => {
    expect(brokenChain(ledger)).toContain(said);
  });
});
