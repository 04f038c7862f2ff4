import { describe, expect, it } from 'vitest';
import { describeOptions } from './describeOptions.ts';
import { drawOptions } from './drawOptions.ts';

const seeds = Array.from({ length: 100 }, (_, index) => drawOptions(index + 1));

describe('what is drawn of a seed', () => {
  it('is the same each time', () => {
    expect(drawOptions(4)).toEqual(drawOptions(4));
  });

  it('has weeks in which things go wrong, and some in which nothing does', () => {
    const clean = seeds.filter(({ startedAt, quietFrom }) => startedAt === quietFrom);
    expect(clean.length).toBeGreaterThan(5);
    expect(clean.length).toBeLessThan(25);
    for (const { faults, topic, skews, people } of clean) {
      expect([...faults.values(), ...topic.faults.values()].every((rate) => rate === 0)).toBe(true);
      expect(skews.spells).toEqual([]);
      expect(people).toEqual({ acts: 0, changes: 0, approvals: [], disturbance: 0 });
    }
  });

  it.each([
    ['a ring that is only watched', 'enforce', 'observe'],
    ['a policy that is only watched but for its rings', 'observe', 'enforce'],
  ])('has %s, often enough to find who ignores a mode of a ring', (_what, policy, ring) => {
    const found = seeds.filter(({ base }) => base.mode === policy && base.rings?.some(({ mode }) => mode === ring));
    expect(found.length).toBeGreaterThan(4);
  });

  it('is printed with every cluster, pool, ring and release', () => {
    for (const options of seeds.slice(0, 20)) {
      const text = describeOptions(options).join('\n');
      const { clusters, releases } = options.fleet;
      const said = [
        `seed           ${options.seed}: `,
        ...clusters.map(({ id, location }) => `${id.slice(id.lastIndexOf('/') + 1)} in ${location}`),
        ...clusters.flatMap(({ properties }) =>
          (properties.agentPoolProfiles ?? []).map((pool) => JSON.stringify(pool)),
        ),
        ...(options.base.rings ?? []).map((ring) => JSON.stringify(ring)),
        ...releases.map(({ nodeImageVersion, availableAt }) => `${nodeImageVersion} at ${availableAt}`),
        ...[...options.faults].filter(([, rate]) => rate > 0).map(([kind]) => `${kind} `),
      ];
      expect(said.filter((one) => !text.includes(one))).toEqual([]);
    }
  });
});
