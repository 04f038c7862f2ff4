// npm run bench: what the hot paths cost, as ratios to something that everybody knows the price of. Bare times say more
// about the machine than about the code.
import { planAgainstJson } from './plan.ts';

for (const bench of [planAgainstJson]) console.log(bench());
