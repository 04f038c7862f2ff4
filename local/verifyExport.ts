// npm run verify-export -- file.ndjson: checks an export of the ledger offline; exit 1 and the first break where it is
// not whole.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { checkExport } from './exportCheck.ts';

const [file, ...more] = process.argv.slice(2);
if (file === undefined || more.length > 0) {
  console.error(`npm run verify-export -- file.ndjson
  The file is what GET /api/history?kind=ledger&format=ndjson answered; docs/ledger-chain.md says what its check shows.`);
  process.exit(2);
}

const input = createReadStream(file);
input.once('error', (error) => {
  console.error(`${file}: ${error.message}`);
  process.exit(2);
});
const { chains, entries, problems } = await checkExport(createInterface({ input, crlfDelay: Infinity }));
for (const { cluster, entries, head, problem } of chains) {
  console.log(`${problem ? 'BROKEN' : 'whole '}  ${String(entries).padStart(6)} entries  head ${head}  ${cluster}`);
}
if (problems.length === 0) {
  console.log(`Whole: ${chains.length} clusters, ${entries} entries. Compare the heads with what you kept elsewhere.`);
} else {
  console.error(`Broken: ${problems[0]}`);
  for (const problem of problems.slice(1)) console.error(`        ${problem}`);
  process.exitCode = 1;
}
