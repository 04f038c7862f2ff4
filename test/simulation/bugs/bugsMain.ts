// npm run simulate:bugs: plants every deliberate bug and runs seeds until the checker finds it. Exit 1 when it does not.
import { check } from '../judge/checker.ts';
import { run } from '../run.ts';
import { plantGates } from './bug.ts';
import { bugs } from './bugs.ts';

/** So many seeds a bug may take; each runs for about half a second. */
const most = Number(process.argv[process.argv.indexOf('--seeds') + 1]) || 400;
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;

let missed = 0;
console.log('| bug | seeds | seed | found by | what |\n|---|---|---|---|---|');
for (const bug of bugs.filter(({ name }) => only === undefined || name.includes(only))) {
  const takeOut = plantGates(bug);
  let found: string | undefined;
  for (let seed = 1; seed <= most && !found; seed += 1) {
    const [first] = check(await run(seed, bug)).violations;
    if (first) found = `| ${bug.name} | ${seed} | ${seed} | ${first.check} | ${first.what.slice(0, 150)} |`;
  }
  takeOut();
  if (!found) missed += 1;
  console.log(found ?? `| ${bug.name} | NOT FOUND in ${most} | | | |`);
}
if (missed > 0) {
  console.log(`${missed} bugs were not found.`);
  process.exitCode = 1;
}
