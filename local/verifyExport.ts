// npm run verify-export: checks an export; exit 1 where it is broken.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { readDigest, sha256 } from '../shared/domain/ledger/digest.ts';
import { readArguments, refuse } from './commandLine.ts';
import { checkExport, type NamedDigest } from './exportCheck.ts';

const usage = `npm run verify-export -- file.ndjson [--digest digest.json]…
  The file is what GET /api/history?kind=ledger&format=ndjson answered, a digest is what the weekly check wrote to its
  blob container; docs/ledger-chain.md says what the check shows.`;

async function readDigestFile(path: string): Promise<NamedDigest> {
  const text = await readFile(path, 'utf8').catch((error: Error) => refuse(`${path}: ${error.message}`));
  const digest = readDigest(text);
  if (!digest) return refuse(`${path}: is no digest of the weekly check.`);
  console.log(`digest  ${digest.week}  ${digest.clusters.length} clusters  of ${digest.at}  SHA-256 ${sha256(text)}`);
  return { name: basename(path), digest };
}

const options = { digest: { type: 'string', multiple: true, default: [] as string[] } } as const;
const command = { script: 'npm run verify-export', usage, options, allowPositionals: true };
const { file, digestFiles } = readArguments(command, ({ positionals, values }) => {
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Error('Give one file.');
  return { file, digestFiles: values.digest };
});
const digests = await Promise.all(digestFiles.map(readDigestFile));
const input = createReadStream(file);
input.once('error', (error) => refuse(`${file}: ${error.message}`));
const { chains, entries, problems } = await checkExport(createInterface({ input, crlfDelay: Infinity }), digests);
for (const { cluster, entries, head, problem } of chains) {
  console.log(`${problem ? 'BROKEN' : 'whole '}  ${String(entries).padStart(6)} entries  head ${head}  ${cluster}`);
}
if (problems.length === 0) {
  const compared =
    digests.length > 0
      ? 'All is as the digests say.'
      : 'Compare the heads with a digest, or with what you kept elsewhere.';
  console.log(`Whole: ${chains.length} clusters, ${entries} entries. ${compared}`);
} else {
  console.error(`Broken: ${problems[0]}`);
  for (const problem of problems.slice(1)) console.error(`        ${problem}`);
  process.exitCode = 1;
}
