import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { routes } from '../shared/http/operations/routes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

type Source = { readonly path: string; readonly text: string; readonly imports: readonly string[] };

async function sourcesIn(folder: string): Promise<readonly Source[]> {
  const files = await readdir(join(root, folder), { recursive: true });
  return Promise.all(
    files
      .filter((file) => file.endsWith('.ts'))
      .map(async (file) => {
        const path = join(folder, file);
        const text = await readFile(join(root, path), 'utf8');
        const specifiers = [
          ...text.matchAll(/(?:^import|^(?:import|export|\}) [^;]*?from|\bimport\()\s*'([^']+)'/gm),
        ].map(([, name = '']) => name);
        const resolve = (name: string) =>
          name.startsWith('.') ? relative(root, join(root, dirname(path), name)) : name;
        return { path, text, imports: specifiers.map(resolve) };
      }),
  );
}

const folders = await Promise.all(['functions', 'shared', 'local'].map(sourcesIn));
const sources = folders.flat();
const inside = (prefix: string) => sources.filter(({ path }) => path.startsWith(prefix));

/** Where each part may reach; everything not named is refused. */
const allowed: readonly (readonly [part: string, may: readonly RegExp[]])[] = [
  ['shared/domain/', [/^shared\/domain\//, /^temporal-polyfill$/, /^zod$/, /^canonicalize$/, /^node:crypto$/]],
  ['shared/ports/', [/^shared\/(domain|ports)\//, /^temporal-polyfill$/]],
  [
    'shared/stores/',
    [/^shared\/(domain|stores)\//, /^shared\/ports\//, /^temporal-polyfill$/, /^zod$/, /^node:(crypto|util)$/],
  ],
  [
    'shared/usecases/',
    [/^shared\/(domain|stores|usecases)\//, /^shared\/ports\//, /^temporal-polyfill$/, /^zod$/, /^node:crypto$/],
  ],
  [
    'shared/http/',
    [
      /^shared\/(domain|stores|usecases|http)\//,
      /^shared\/ports\//,
      /^shared\/(config|composition)\.ts$/,
      /^@azure\/functions$/,
      /^temporal-polyfill$/,
      /^zod$/,
      /^node:/,
    ],
  ],
  [
    'shared/adapters/',
    [/^shared\/(domain|adapters)\//, /^shared\/ports\//, /^@azure\//, /^temporal-polyfill$/, /^zod$/, /^node:/],
  ],
  ['functions/', [/^shared\//, /^functions\//, /^@azure\/functions$/, /^temporal-polyfill$/]],
  ['local/', [/./]],
];

/** Each SDK appears in the adapters, and in composition where credentials are made. */
const sdkHomes: Readonly<Record<string, readonly string[]>> = {
  '@azure/arm-containerservice': ['shared/adapters/'],
  '@azure/core-rest-pipeline': ['shared/adapters/'],
  '@azure/data-tables': ['shared/adapters/'],
  '@azure/storage-blob': ['shared/adapters/'],
  '@azure/storage-queue': ['shared/adapters/'],
  '@azure/eventgrid': ['shared/adapters/'],
  '@azure/identity': ['shared/adapters/', 'shared/composition.ts'],
  '@azure/functions': [
    'functions/',
    'shared/http/author.ts',
    'shared/http/jsonAnswer.ts',
    'shared/http/problemDocument.ts',
    'shared/http/streamedAnswer.ts',
    'shared/http/trigger.ts',
    'shared/http/requests/policy.ts',
  ],
};

describe('dependencies point one way', () => {
  it.each(allowed)('%s', (part, may) => {
    const wrong = inside(part).flatMap(({ path, imports }) =>
      imports.filter((name) => !may.some((pattern) => pattern.test(name))).map((name) => `${path} -> ${name}`),
    );
    expect(inside(part).length).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });

  it('nothing that is deployed reaches local/ or test/', () => {
    const deployed = sources.filter(({ path }) => !path.startsWith('local/'));
    expect(deployed.flatMap(({ imports }) => imports).filter((name) => /^(local|test)\//.test(name))).toEqual([]);
  });

  it.each(Object.entries(sdkHomes))('%s has its home', (sdk, homes) => {
    const users = sources.filter(({ path, imports }) => imports.includes(sdk) && !path.startsWith('local/'));
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter(({ path }) => !homes.some((home) => path.startsWith(home)))).toEqual([]);
  });
});

/** The floors of the domain: a folder imports itself and those before it. */
const floors =
  'text cluster window image ledger policy failure nodes attempt observe evidence rings plan lint preflight report notification'.split(
    ' ',
  );

describe('the house has rooms', () => {
  it('each floor of the domain imports only those above it', () => {
    const floorOf = (path: string) => floors.indexOf(/^shared\/domain\/([^/]+)\/[^/]+$/.exec(path)?.[1] ?? '');
    const domain = inside('shared/domain/');
    expect(domain.filter(({ path }) => floorOf(path) < 0).map(({ path }) => path)).toEqual([]);
    expect(new Set(domain.map(({ path }) => floorOf(path))).size).toBe(floors.length);
    const up = domain.flatMap(({ path, imports }) =>
      imports.filter((name) => floorOf(name) > floorOf(path)).map((name) => `${path} -> ${name}`),
    );
    expect(up).toEqual([]);
  });

  it('no file of shared/ has the name of a function', () => {
    const names = new Set(inside('functions/').map(({ path }) => basename(path)));
    expect(
      inside('shared/')
        .filter(({ path }) => names.has(basename(path)))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it('no file imports itself by way of others, types included', () => {
    expect(cycles(new Map(sources.map(({ path, imports }) => [path, imports])))).toEqual([]);
  });

  it('finds a cycle where there is one', () => {
    const graph = { a: ['b'], b: ['c', 'd'], c: ['a'], d: [] };
    expect(cycles(new Map(Object.entries(graph)))).toEqual(['a -> b -> c -> a']);
  });

  it('a folder holds 3 to 15 files', () => {
    const folders = Object.groupBy(sources, ({ path }) => dirname(path));
    // One file a trigger, and the root of the app.
    const { functions, shared, ...rooms } = folders;
    expect(functions?.length).toBeGreaterThan(15);
    expect(shared?.map(({ path }) => path).toSorted()).toEqual(['shared/composition.ts', 'shared/config.ts']);
    const sizes = Object.entries(rooms).map(([folder, files = []]) => ({ folder, files: files.length }));
    expect(sizes.filter(({ files }) => files < 3 || files > 15)).toEqual([]);
  });
});

/** One way round each cycle that a walk along the imports meets. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): readonly string[] => {
    const start = way.indexOf(path);
    if (start >= 0) return [[...way.slice(start), path].join(' -> ')];
    if (done.has(path)) return [];
    const found = (graph.get(path) ?? []).flatMap((next) => walk(next, [...way, path]));
    done.add(path);
    return found;
  };
  return [...graph.keys()].flatMap((path) => walk(path, []));
}

describe('the domain is pure', () => {
  it.each([
    ['no clock', /Temporal\.Now|Date\.now|new Date\(\)|performance\./],
    ['no chance', /Math\.random|randomUUID/],
    ['no environment, console or timers', /\bprocess\.\w|\bconsole\.|setTimeout|setInterval/],
    ['no promises', /\basync\b|\bawait\b|Promise</],
  ])('%s', (_what, pattern) => {
    expect(
      inside('shared/domain/')
        .filter(({ text }) => pattern.test(text))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it('outside it, the clock is read in composition alone', () => {
    const readers = sources.filter(
      ({ path, text }) => /Temporal\.Now|Date\.now|new Date\(\)/.test(text) && !path.startsWith('local/'),
    );
    expect(readers.map(({ path }) => path)).toEqual(['shared/composition.ts']);
  });
});

describe('functions', () => {
  const registering = ['functions/main.ts', 'functions/http.ts'];
  const files = inside('functions/').filter(({ path }) => !registering.includes(path));
  const nameOf = (path: string) => path.replace('functions/', '').replace('.ts', '');
  const textOf = (path: string) => inside(path)[0]?.text ?? '';

  it('every file has the handler of one function, which is registered under its name and loaded when it is called', () => {
    const http = [...textOf('functions/http.ts').matchAll(/^ {2}(\w+): \(\) => import\('\.\/(\w+)\.ts'\)/gm)];
    const others = [...textOf('functions/main.ts').matchAll(/\bapp\.\w+\('(\w+)'.*?import\('\.\/(\w+)\.ts'\)/gs)];
    expect([...http, ...others].filter(([, name, file]) => name !== file)).toEqual([]);
    expect([...http, ...others].map(([, name = '']) => name).toSorted()).toEqual(
      files.map(({ path }) => nameOf(path)).toSorted(),
    );
    expect(files.filter(({ text }) => !/^export (const|async function) handler\b/m.test(text))).toEqual([]);
    expect(files.filter(({ text }) => /\bapp\.\w+\(|authLevel/.test(text)).map(({ path }) => path)).toEqual([]);
    expect(inside('functions/').filter(({ text }) => text.includes('runOnStartup'))).toEqual([]);
  });

  it('every route has its function, which reads the request by the operation of its name', () => {
    const overHttp = files.flatMap(({ path, text }) => {
      const [, name] = /\b(?:query|body|end)Trigger(?:<[^()]*>)?\(\s*'(\w+)'/.exec(text) ?? [];
      return name === undefined ? [] : [[nameOf(path), name]];
    });
    expect(overHttp.filter(([file, name]) => file !== name)).toEqual([]);
    expect(overHttp.map(([file = '']) => file).toSorted()).toEqual(Object.keys(routes).toSorted());
  });

  it('every schedule is an app setting that the sample has', () => {
    const sample = readFileSync(join(root, 'local.settings.sample.json'), 'utf8');
    const schedules = inside('functions/').flatMap(({ text }) =>
      [...text.matchAll(/schedule: '([^']+)'/g)].map(([, schedule = '']) => schedule),
    );
    expect(schedules.length).toBeGreaterThan(2);
    for (const schedule of schedules) {
      expect(schedule).toMatch(/^%\w+%$/);
      expect(sample).toContain(`"${schedule.replaceAll('%', '')}"`);
    }
  });
});

describe('house style', () => {
  it('every file says at its top what it is', () => {
    expect(sources.filter(({ text }) => !text.startsWith('//')).map(({ path }) => path)).toEqual([]);
  });

  it('no name says nothing', () => {
    expect(
      sources.filter(({ path }) => /util|helper|manager|service|common/i.test(path)).map(({ path }) => path),
    ).toEqual([]);
  });

  it('no page holds what a merge left', async () => {
    const pages = (await readdir(join(root, 'docs'), { recursive: true })).filter((file) => file.endsWith('.md'));
    const texts = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...pages.map((page) => join('docs', page))];
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.filter((path) => /^(<{7}|>{7}) /m.test(readFileSync(join(root, path), 'utf8')))).toEqual([]);
  });
});
