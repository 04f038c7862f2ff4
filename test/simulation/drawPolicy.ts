// Policies that people set while the run goes on. Used by run.ts.
import type { Draw } from './seed.ts';

/** Everything may be started: the policy that a run begins and ends with. */
export const openPolicy = { mode: 'enforce' };

export function drawPolicy(draw: Draw): unknown {
  return draw.pick<unknown>([
    openPolicy,
    openPolicy,
    { mode: 'observe' },
    { mode: 'enforce', selectors: [{ tags: { stage: 'test' } }] },
    { mode: 'enforce', selectors: [{ cluster: 'c1' }] },
    { mode: 'enforce', selectors: [{ resourceGroup: 'rg-*' }, { cluster: 'C2' }] },
    { mode: 'enforced' },
    'nonsense',
  ]);
}
