import { describe, expect, it } from 'vitest';
import { gates } from '../../../shared/domain/plan/gates.ts';
import type { Dependencies } from '../../../shared/usecases/dependencies.ts';
import type { FunctionName, Invocation } from '../record/record.ts';
import { type Bug, noBug, plantGates } from './bug.ts';
import { bugs } from './bugs.ts';

const names: readonly FunctionName[] = ['planUpgrades', 'startUpgrade', 'observeCluster', 'onClusterEvent'];
const honest = { arm: {}, capacity: {}, kubernetes: {}, tables: {}, queues: {}, clock: {}, topic: {} };
const transport = () => Promise.reject(new Error('Not called.'));

/** What a bug puts in the place of what is honest. */
function changedBy(bug: Bug): readonly string[] {
  const ports = names.flatMap((name) => {
    const given = bug.dependencies(honest as unknown as Dependencies, { name } as Invocation);
    return Object.entries(given).filter(([port, value]) => value !== honest[port as keyof typeof honest]);
  });
  const gated = Object.entries(bug.gates).filter(([name, gate]) => gate !== gates[name as keyof typeof gates]);
  const sent = bug.transport(transport) === transport ? [] : ['transport'];
  return [...ports, ...gated].map(([name]) => name).concat(sent);
}

describe('planted bugs', () => {
  it('the honest keeper has none', () => {
    expect(changedBy(noBug)).toEqual([]);
  });

  it('have names of their own', () => {
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
    expect(bugs.length).toBeGreaterThan(70);
  });

  it.each(bugs.map((bug) => [bug.name, bug] as const))('%s: stands in the place of something', (_name, bug) => {
    expect(changedBy(bug).length).toBeGreaterThan(0);
  });

  it('gates are the honest ones again when a bug is taken out', () => {
    const before = { ...gates };
    const removed = bugs.find(({ name }) => name === 'gate held removed') ?? noBug;
    const takeOut = plantGates(removed);
    expect(gates.held).not.toBe(before.held);
    takeOut();
    expect(gates).toEqual(before);
  });
});
