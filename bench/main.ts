// npm run bench: what the hot paths cost, as ratios to something that everybody knows the price of. Bare times say more
// about the machine than about the code.
import { planAgainstJson } from './plan.ts';
import { windowsAgainstRrule } from './windows.ts';

for (const bench of [planAgainstJson, windowsAgainstRrule]) console.log(bench());
