// npm run simulate: runs seeds and judges each; exit 1 on a violation.
import { resolve } from 'node:path';
import { readArguments, readWhole, textOption as text } from '../../local/commandLine.ts';
import { describeOptions } from './draw/describeOptions.ts';
import { drawOptions } from './draw/drawOptions.ts';
import { check } from './judge/checker.ts';
import { createFigures } from './judge/figures.ts';
import { run } from './run.ts';

const usage = `npm run simulate -- [--seeds N] [--from N | --seed N] [--trace] [--beside path]
  --seeds    how many seeds to run; 50 when not given
  --from     the first of them; 1 when not given
  --seed     this seed alone
  --trace    what was drawn of each seed first, and then all that happened
  --beside   the code of that checkout does some of the invocations, as in a rolling deployment`;

const options = { seeds: text, from: text, seed: text, trace: { type: 'boolean' }, beside: text } as const;
const given = readArguments({ script: 'npm run simulate', usage, options }, ({ values }) => ({
  ...values,
  from: readWhole(values.seed === undefined ? '--from' : '--seed', values.seed ?? values.from ?? '1'),
  seeds: values.seed === undefined ? readWhole('--seeds', values.seeds ?? '50', 1) : 1,
}));
const { from, seeds, trace } = given;

/** Whose fault a violation is, the trace tells: it names what the other code did. */
const beside = given.beside === undefined ? '' : `, with ${given.beside} beside`;
const begun = performance.now();
const figures = createFigures();
for (let seed = from; seed < from + seeds; seed += 1) {
  const options = drawOptions(seed, given.beside && resolve(given.beside));
  if (trace) for (const line of describeOptions(options)) console.log(line);
  const record = await run(options);
  const verdict = check(record);
  figures.add(record, verdict);
  if (trace) for (const line of record.trace) console.log(line);
  for (const { check, what } of verdict.violations) console.log(`seed ${seed}${beside}: ${check}: ${what}`);
  if (verdict.violations.length > 0) process.exitCode = 1;
}
for (const line of figures.lines()) console.log(line);
console.log(`real time         ${((performance.now() - begun) / 1000).toFixed(0)} s`);
