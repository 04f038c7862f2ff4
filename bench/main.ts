// npm run bench: what the hot paths cost, as ratios to something that everybody knows the price of. Bare times say more
// about the machine than about the code.
import { readArguments } from '../local/commandLine.ts';
import { planAgainstJson } from './plan.ts';
import { windowsAgainstRrule } from './windows.ts';

const usage = `npm run bench
  Prints what the hot paths cost, as ratios. It takes no options`;

readArguments({ script: 'npm run bench', usage, options: {} }, () => undefined);

for (const bench of [planAgainstJson, windowsAgainstRrule]) console.log(bench());
