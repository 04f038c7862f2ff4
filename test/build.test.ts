// The package that `npm run build` makes, loaded as Azure's Node.js worker loads it: no node_modules beside it, and
// @azure/functions-core injected through CommonJS require alone.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keeper-build-'));
  await run(process.execPath, ['build.ts', join(folder, 'dist')], { cwd: root });
  for (const file of ['package.json', 'host.json']) await cp(join(root, file), join(folder, file));
});

afterAll(() => rm(folder, { recursive: true }));

const worker = `
const Module = require('node:module');
const { globSync, readFileSync } = require('node:fs');
const registered = [];
const core = {
  version: '3.0.0',
  setProgrammingModel() {},
  registerFunction(metadata) { registered.push([metadata.name, Object.values(metadata.bindings).map((b) => b.type).sort()]); },
  registerHook() {},
  log() {},
};
const original = Module.prototype.require;
Module.prototype.require = function (id) { return id === '@azure/functions-core' ? core : original.call(this, id); };
(async () => {
  const { main } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const file of globSync(main)) await import(require('node:url').pathToFileURL(file).href);
  console.log(JSON.stringify(registered.sort()));
})();
`;

it('registers every function with its bindings', async () => {
  await writeFile(join(folder, 'worker.cjs'), worker);
  const { stdout, stderr } = await run(process.execPath, ['worker.cjs'], { cwd: folder });
  expect(stderr).toBe('');
  expect(Object.fromEntries(JSON.parse(stdout) as [string, string[]][])).toEqual({
    deleteApproval: ['http', 'httpTrigger'],
    deleteHold: ['http', 'httpTrigger'],
    followUpgrades: ['timerTrigger'],
    evaluateWindow: ['http', 'httpTrigger'],
    getApprovals: ['http', 'httpTrigger'],
    getDecisions: ['http', 'httpTrigger'],
    getHolds: ['http', 'httpTrigger'],
    getHealth: ['http', 'httpTrigger'],
    getHistory: ['http', 'httpTrigger'],
    getNodeImage: ['http', 'httpTrigger'],
    getNodePools: ['http', 'httpTrigger'],
    getOpenApi: ['http', 'httpTrigger'],
    getPlan: ['http', 'httpTrigger'],
    getPolicy: ['http', 'httpTrigger'],
    getPolicyLint: ['http', 'httpTrigger'],
    getPolicySchema: ['http', 'httpTrigger'],
    getPolicyVersions: ['http', 'httpTrigger'],
    getReport: ['http', 'httpTrigger'],
    getWindows: ['http', 'httpTrigger'],
    observeCluster: ['queueTrigger'],
    onClusterEvent: ['eventGridTrigger', 'queue'],
    planUpgrades: ['queue', 'queue', 'timerTrigger'],
    postApproval: ['http', 'httpTrigger'],
    postHold: ['http', 'httpTrigger'],
    postPreflight: ['http', 'httpTrigger'],
    projectCluster: ['queueTrigger'],
    putPolicy: ['http', 'httpTrigger'],
    startUpgrade: ['queueTrigger'],
    verifyHistory: ['http', 'httpTrigger'],
    weeklyCheck: ['queue', 'timerTrigger'],
  });
});
