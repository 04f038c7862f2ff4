// npm run simulate -- --seeds N --from S, or --seed S --trace.
import { run } from './run.ts';
import { check } from './checker.ts';
const t0 = performance.now();
const from = Number(process.argv[3] ?? 1);
let bad = 0;
for (let seed = from; seed < from + Number(process.argv[2] ?? 5); seed += 1) {
  const t = performance.now();
  const r = await run(seed);
  const v = check(r);
  if (process.argv[4]) console.log(r.trace.join('\n'));
  if (v.violations.length) bad++;
  if (v.violations.length) console.log(seed, (performance.now() - t).toFixed(0), 'ms', r.invocations.length, 'inv', r.posts.length, 'posts', JSON.stringify(v.waits.worst), v.violations.length);
  for (const x of v.violations.slice(0, 6)) console.log('   ', x.check, '|', x.what.slice(0,300));
}
console.log((performance.now()-t0).toFixed(0), bad);
