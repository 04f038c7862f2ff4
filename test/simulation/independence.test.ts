// The judges of a run use nothing of the product for what they judge, and the parts of the simulation stand in one order.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const simulation = 'test/simulation';

type Import = { readonly path: string; readonly isType: boolean };

/** The files of the project that a file imports, by their paths from the root. */
function importsOf(path: string): readonly Import[] {
  const text = readFileSync(join(root, path), 'utf8');
  const found = text.matchAll(
    /^(?:import|export)\s(type\s)?(?:[\w*{},\s]*?\sfrom\s)?'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm,
  );
  return [...found].map(([, type, name = '', later = '']) => ({
    path: relative(root, join(root, dirname(path), name || later)),
    isType: type !== undefined,
  }));
}

const files = readdirSync(join(root, simulation), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => join(simulation, file));
const judges = files.filter((path) => path.startsWith(`${simulation}/judge/`));
const isProduct = (path: string) => /^(shared|functions)\//.test(path);

/** The files that run when this one does, itself included. */
function runBy(path: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(path)) return known;
  known.add(path);
  for (const one of importsOf(path)) if (!one.isType) runBy(one.path, known);
  return known;
}

describe('judges use nothing of the product', () => {
  it('reads the imports of what does use it', () => {
    expect(importsOf(`${simulation}/world/stage.ts`).filter(({ path }) => isProduct(path)).length).toBeGreaterThan(2);
    expect([...runBy(`${simulation}/run.ts`)].filter(isProduct).length).toBeGreaterThan(50);
  });

  it.each(judges)('%s', (path) => {
    expect(importsOf(path).filter((one) => isProduct(one.path))).toEqual([]);
    expect([...runBy(path)].filter((one) => isProduct(one) || one.startsWith('local/'))).toEqual([]);
  });
});

it('no file of the simulation imports itself by way of others, types included', () => {
  const cycles: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(' -> '));
    if (done.has(path)) return;
    done.add(path);
    for (const one of importsOf(path)) if (one.path.startsWith(simulation)) walk(one.path, [...way, path]);
  };
  for (const path of files) walk(path, []);
  expect(cycles).toEqual([]);
});
