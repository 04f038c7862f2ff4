// npm run simulate -- --seeds N --from S, or --seed S --trace.
import { run } from './run.ts';
const t0 = performance.now();
for (let seed = 1; seed <= Number(process.argv[2] ?? 5); seed += 1) {
  const t = performance.now();
  const r = await run(seed);
  console.log(seed, (performance.now() - t).toFixed(0), 'ms', r.invocations.length, 'inv', r.posts.length, 'posts', r.truth.rolls.length, 'rolls', [...r.ledgers.values()].map(l=>l.entries.length).join(), [...r.faults.values()].reduce((a,b)=>a+b,0), 'faults', r.startsLeft.length, r.poisoned.length);
  if (process.argv[3]) console.log(r.trace.join('\n'));
}
console.log((performance.now()-t0).toFixed(0));
