// npm run simulate -- --seeds N --from S: runs seeds and judges each; exit 1 on a violation.
// npm run simulate -- --seed S --trace: one seed, with what was drawn of it first, and then all that happened.
// --beside PATH: the code of that checkout does some of the invocations, as in a rolling deployment.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeOptions } from './draw/describeOptions.ts';
import { drawOptions } from './draw/drawOptions.ts';
import { check } from './judge/checker.ts';
import { createFigures } from './judge/figures.ts';
import { run } from './run.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    beside: { type: 'string' },
  },
});
const from = Number(values.seed ?? values.from);
const seeds = values.seed === undefined ? Number(values.seeds) : 1;
if (!Number.isInteger(from) || !Number.isInteger(seeds) || seeds < 1) {
  console.error('Give whole numbers: --seeds N --from S, or --seed S with or without --trace.');
  process.exit(2);
}

/** Whose fault a violation is, the trace tells: it names what the other code did. */
const beside = values.beside === undefined ? '' : `, with ${values.beside} beside`;
const begun = performance.now();
const figures = createFigures();
for (let seed = from; seed < from + seeds; seed += 1) {
  const options = drawOptions(seed, values.beside && resolve(values.beside));
  if (values.trace) for (const line of describeOptions(options)) console.log(line);
  const record = await run(options);
  const verdict = check(record);
  figures.add(record, verdict);
  if (values.trace) for (const line of record.trace) console.log(line);
  for (const { check, what } of verdict.violations) console.log(`seed ${seed}${beside}: ${check}: ${what}`);
  if (verdict.violations.length > 0) process.exitCode = 1;
}
for (const line of figures.lines()) console.log(line);
console.log(`real time         ${((performance.now() - begun) / 1000).toFixed(0)} s`);
