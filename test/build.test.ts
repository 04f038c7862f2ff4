// The package that `npm run build` makes, loaded as Azure's Node.js worker loads it: no node_modules beside it, and
// @azure/functions-core injected through CommonJS require alone.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
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

/** Registers what the app's "main" says, and tells that and the files which were loaded for it. */
const worker = `
const Module = require('node:module');
const { globSync, readFileSync } = require('node:fs');
const { pathToFileURL } = require('node:url');
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
const loaded = [];
const load = (url, context, next) => { loaded.push(url); return next(url, context); };
Module.registerHooks({ load });
(async () => {
  const [main = JSON.parse(readFileSync('package.json', 'utf8')).main] = process.argv.slice(2);
  for (const file of globSync(main)) await import(pathToFileURL(file).href);
  const files = loaded.filter((url) => url.startsWith('file:')).map((url) => url.replace(pathToFileURL('./').href, ''));
  console.log(JSON.stringify({ registered: registered.sort(), files: [...new Set(files)].sort() }));
})();
`;

type Loaded = { readonly registered: readonly [string, readonly string[]][]; readonly files: readonly string[] };

async function loadMain(cwd: string, ...main: readonly string[]): Promise<Loaded> {
  const script = join(folder, 'worker.cjs');
  await writeFile(script, worker);
  const { stdout, stderr } = await run(process.execPath, [script, ...main], { cwd });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Loaded;
}

/** What every function registers, by its name. */
async function registered(): Promise<Readonly<Record<string, readonly string[]>>> {
  return Object.fromEntries((await loadMain(folder)).registered);
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
    planUpgrades: ['queue', 'timerTrigger'],
    postApproval: ['http', 'httpTrigger POST approvals function'],
    postHold: ['http', 'httpTrigger POST holds function'],
    postPreflight: ['http', 'httpTrigger POST preflight function'],
    projectCluster: ['queueTrigger'],
    putPolicy: ['http', 'httpTrigger PUT policy function'],
    readFacts: ['queueTrigger'],
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

it('a cold start waits for no SDK, schema or calendar: they are loaded when a function is first called', async () => {
  const bundled = (await loadMain(folder)).files;
  const sizes = await Promise.all(bundled.map(async (file) => (await stat(join(folder, file))).size));
  // Those of @azure/functions are 125,000; the smallest SDK has 200,000.
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
  const { files } = await loadMain(root, 'functions/main.ts');
  expect(packagesIn(files)).toEqual(['@azure/functions', '@azure/functions-extensions-base', 'cookie']);
  expect(files.filter((file) => !file.includes('node_modules'))).toEqual([
    'functions/http.ts',
    'functions/main.ts',
    'shared/http/operations/routes.ts',
  ]);
});

it('a function that is called loads the SDK of the tables alone, and every other when something asks that service', async () => {
  const { files } = await loadMain(root, 'functions/*.ts');
  expect(packagesIn(files)).toContain('@azure/data-tables');
  const later = ['arm-containerservice', 'eventgrid', 'identity', 'storage-blob', 'storage-queue', 'msal-node'];
  expect(packagesIn(files).filter((name) => later.includes(name.replace('@azure/', '')))).toEqual([]);
});

function packagesIn(files: readonly string[]): readonly string[] {
  const names = files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  return [...new Set(names)].toSorted();
}

it('whatever is loaded later can be loaded from the package', async () => {
  const chunks = await readdir(join(folder, 'dist/chunks'));
  expect(chunks.filter((name) => name.startsWith('getHistory-'))).toHaveLength(1);
  const { files } = await loadMain(folder, 'dist/**/*.js');
  expect(files).toHaveLength(chunks.length + 1);
});
