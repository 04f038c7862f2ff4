// npm run bench: what the hot paths cost, as ratios to something that everybody knows the price of. Bare times say more
// about the machine than about the code.
import { writeFileSync } from 'node:fs';
import { readArguments } from '../local/commandLine.ts';
import { historyAgainstSdk } from './history.ts';
import { loadingAgainstHelloWorld } from './loading.ts';
import { planAgainstJson } from './plan.ts';
import { documentOf, type Row, tableOf } from './table.ts';
import { windowsAgainstRrule } from './windows.ts';

const usage = `npm run bench
  Prints what the hot paths cost, as ratios, and writes them to docs/benchmarks.md. It takes no options`;

/** Each measures one thing, and is measured after the other. */
const benches: readonly (() => readonly Row[] | Promise<readonly Row[]>)[] = [
  planAgainstJson,
  windowsAgainstRrule,
  loadingAgainstHelloWorld,
  historyAgainstSdk,
];

readArguments({ script: 'npm run bench', usage, options: {} }, () => undefined);

const at = new Date();
const rows: Row[] = [];
for (const bench of benches) rows.push(...(await bench()));
console.log(tableOf(rows));
writeFileSync(new URL('../docs/benchmarks.md', import.meta.url), documentOf(rows, at));
