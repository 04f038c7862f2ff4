// The package that `npm run build` makes, loaded as Azure's Node.js worker loads it: no node_modules beside it, and
// @azure/functions-core injected through CommonJS require alone.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApiDocument } from '../shared/http/openApi.ts';

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
const told = ({ type, methods = [], route, authLevel }) => [type, ...methods, route, authLevel].filter(Boolean).join(' ');
const core = {
  version: '3.0.0',
  setProgrammingModel() {},
  registerFunction(metadata) { registered.push([metadata.name, Object.values(metadata.bindings).map(told).sort()]); },
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

/** What every function registers, by its name. */
async function registered(): Promise<Readonly<Record<string, readonly string[]>>> {
  await writeFile(join(folder, 'worker.cjs'), worker);
  const { stdout, stderr } = await run(process.execPath, ['worker.cjs'], { cwd: folder });
  expect(stderr).toBe('');
  return Object.fromEntries(JSON.parse(stdout) as [string, string[]][]);
}

it('registers every function with its bindings', async () => {
  expect(await registered()).toEqual({
    deleteApproval: ['http', 'httpTrigger DELETE approvals/{id} function'],
    deleteHold: ['http', 'httpTrigger DELETE holds/{id} function'],
    followUpgrades: ['timerTrigger'],
    evaluateWindow: ['http', 'httpTrigger POST windows/evaluate function'],
    getApprovals: ['http', 'httpTrigger GET approvals function'],
    getDecisions: [
      'http',
      'httpTrigger GET nodepools/{subscription}/{resourceGroup}/{cluster}/{nodePool}/decisions function',
    ],
    getHolds: ['http', 'httpTrigger GET holds function'],
    getHealth: ['http', 'httpTrigger GET health anonymous'],
    getHealthDetails: ['http', 'httpTrigger GET health/details function'],
    getHistory: ['http', 'httpTrigger GET history function'],
    getNodeImage: ['http', 'httpTrigger GET images/{nodeImageVersion} function'],
    getNodePools: ['http', 'httpTrigger GET nodepools function'],
    getOpenApi: ['http', 'httpTrigger GET openapi.json function'],
    getPlan: ['http', 'httpTrigger GET plan function'],
    getPolicy: ['http', 'httpTrigger GET policy function'],
    getPolicyLint: ['http', 'httpTrigger GET policy/lint function'],
    getPolicySchema: ['http', 'httpTrigger GET policy/schema function'],
    getPolicyVersions: ['http', 'httpTrigger GET policy/versions function'],
    getReport: ['http', 'httpTrigger GET report function'],
    getWindows: ['http', 'httpTrigger GET windows function'],
    observeCluster: ['queueTrigger'],
    onClusterEvent: ['eventGridTrigger'],
    planUpgrades: ['queue', 'queue', 'timerTrigger'],
    postApproval: ['http', 'httpTrigger POST approvals function'],
    postHold: ['http', 'httpTrigger POST holds function'],
    postPreflight: ['http', 'httpTrigger POST preflight function'],
    projectCluster: ['queueTrigger'],
    putPolicy: ['http', 'httpTrigger PUT policy function'],
    startUpgrade: ['queueTrigger'],
    verifyClusters: ['queueTrigger'],
    verifyHistory: ['http', 'httpTrigger GET history/verify function'],
    weeklyCheck: ['queue', 'timerTrigger'],
  });
});

it('registers what the OpenAPI document lists, with the same methods, routes and keys', async () => {
  type Listed = { readonly operationId: string; readonly security?: readonly unknown[] };
  const { paths } = openApiDocument('https://keeper.example') as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Listed>>>>;
  };
  const listed = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, security }]) => {
      const address = `${method.toUpperCase()} ${path.replace('/api/', '')}`;
      return [operationId, ['http', `httpTrigger ${address} ${security?.length === 0 ? 'anonymous' : 'function'}`]];
    }),
  );
  const overHttp = Object.entries(await registered()).filter(([, [first]]) => first === 'http');
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(overHttp));
});
