// What a function app's folder says about it: host.json, the files of its functions, its local.settings.json.
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Settings } from './functionsHost/settings/resolveSettings.ts';

/** @param main files instead of package.json's: a path or a glob. @throws when the folder is no function app */
export async function openAppFolder(
  folder: string,
  main: string | undefined,
): Promise<{ readonly host: unknown; readonly load: () => Promise<void> }> {
  const host = await readJson(folder, 'host.json');
  const pattern = main ?? PackageJson.safeParse(await readJson(folder, 'package.json')).data?.main;
  if (pattern === undefined) {
    throw new Error(`${join(folder, 'package.json')} has no "main", which names the files of the functions.`);
  }
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: folder })) files.push(file);
  if (files.length === 0) {
    throw new Error(`No file in ${folder} matches "${pattern}". Build the app, or name its files with --main.`);
  }
  const load = async () => {
    for (const file of files.toSorted()) await import(pathToFileURL(join(folder, file)).href);
  };
  return { host, load };
}

const PackageJson = z.looseObject({ main: z.string() });

async function readJson(folder: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, name), 'utf8'));
  } catch (cause) {
    const why = (cause as Error).message;
    throw new Error(`${folder} is no function app: its ${name} can't be read (${why}).`, { cause });
  }
}

const LocalSettings = z.looseObject({
  IsEncrypted: z.literal(false, 'is encrypted, which only "func settings decrypt" can undo').default(false),
  Values: z.record(z.string(), z.string('is not a text; put it in quotes')).default({}),
  Host: z.looseObject({ LocalHttpPort: z.int().min(0).max(65_535).optional() }).default({}),
});

/** A local.settings.json, as Azure Functions Core Tools knows it. @throws one error that names every bad field */
export function readLocalSettings(text: string): { readonly values: Settings; readonly port: number | undefined } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(`it is no JSON: ${(cause as Error).message}`, { cause });
  }
  const read = LocalSettings.safeParse(json);
  if (read.success) return { values: read.data.Values, port: read.data.Host.LocalHttpPort };
  throw new Error(read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '));
}
