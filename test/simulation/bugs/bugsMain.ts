// npm run simulate:bugs: plants every deliberate bug and runs seeds until the checker finds it. Exit 1 when it does not.
import { readArguments, readWhole, textOption as text } from '../../../local/commandLine.ts';
import { drawOptions } from '../draw/drawOptions.ts';
import { check } from '../judge/checker.ts';
import { run } from '../run.ts';
import { type Bug, plantGates } from './bug.ts';
import { bugs } from './bugs.ts';

const usage = `npm run simulate:bugs -- [--bug name]… [--seeds N] [--minutes N] [--from N]
  --bug       only this one, and any other that is named so; every bug when not given
  --seeds     how many seeds a bug may take before it counts as not found; 400 when not given
  --minutes   how many minutes; 60 when not given
  --from      the first seed; 1 when not given
Bugs: ${bugs.map(({ name }) => name).join(' ')}`;

const options = { bug: { type: 'string', multiple: true }, seeds: text, minutes: text, from: text } as const;
const given = readArguments({ script: 'npm run simulate:bugs', usage, options }, ({ values }) => {
  const unknown = values.bug?.find((wanted) => !bugs.some(({ name }) => name === wanted));
  if (unknown !== undefined) throw new Error(`--bug is "${unknown}", which is no bug.`);
  return {
    wanted: bugs.filter(({ name }) => values.bug?.includes(name) ?? true),
    most: readWhole('--seeds', values.seeds ?? '400', 1),
    minutes: readWhole('--minutes', values.minutes ?? '60', 1),
    from: readWhole('--from', values.from ?? '1'),
  };
});
const { wanted, most, minutes, from } = given;

let missed = 0;
console.log('| bug | seeds | seed | found by | what |\n|---|---|---|---|---|');
for (const bug of wanted) {
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
