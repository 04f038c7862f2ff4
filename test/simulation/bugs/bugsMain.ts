// npm run simulate:bugs: plants every deliberate bug and runs seeds until the checker finds it. Exit 1 when it does not.
// `--bug NAME`, as often as wanted: only these. `--seeds N` and `--minutes M`: how much a bug may take before it counts as
// not found; `--from S`: the first seed.
import { parseArgs } from 'node:util';
import { drawOptions } from '../draw/drawOptions.ts';
import { check } from '../judge/checker.ts';
import { run } from '../run.ts';
import { type Bug, plantGates } from './bug.ts';
import { bugs } from './bugs.ts';

const { values } = parseArgs({
  options: {
    bug: { type: 'string', multiple: true, default: [] },
    seeds: { type: 'string', default: '400' },
    minutes: { type: 'string', default: '60' },
    from: { type: 'string', default: '1' },
  },
});
const [most, minutes, from] = [values.seeds, values.minutes, values.from].map(Number) as [number, number, number];
const unknown = values.bug.filter((wanted) => !bugs.some(({ name }) => name === wanted));
if (unknown.length > 0 || !(most >= 1) || !(minutes > 0) || !Number.isInteger(from)) {
  console.error('Give --seeds N, --minutes M and --from S as numbers, and --bug NAME for one of:');
  for (const { name } of bugs) console.error(`  ${name}`);
  process.exit(2);
}

let missed = 0;
console.log('| bug | seeds | seed | found by | what |\n|---|---|---|---|---|');
for (const bug of bugs.filter(({ name }) => values.bug.length === 0 || values.bug.includes(name))) {
  const line = await hunt(bug);
  if (!line) missed += 1;
  console.log(`| ${bug.name} | ${line ?? `NOT FOUND in ${most} seeds and ${minutes} minutes | | |`} |`);
}
if (missed > 0) {
  console.log(`${missed} bugs were not found.`);
  process.exitCode = 1;
}

/** How many seeds it took, the last of them, the check that found the bug, and what it said; undefined: none found it. */
async function hunt(bug: Bug): Promise<string | undefined> {
  const until = performance.now() + minutes * 60_000;
  const takeOut = plantGates(bug);
  try {
    for (let seed = from; seed < from + most && performance.now() < until; seed += 1) {
      const [first] = check(await run(drawOptions(seed), bug)).violations;
      if (first) return `${seed - from + 1} | ${seed} | ${first.check} | ${first.what.slice(0, 150)}`;
    }
  } finally {
    takeOut();
  }
  return undefined;
}
