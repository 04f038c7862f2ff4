// Reads a local.settings.json, as Azure Functions Core Tools knows it. Called by hostMain.
import { z } from 'zod';
import type { Settings } from './functionsHost/settings/resolveSettings.ts';

const LocalSettings = z.looseObject({
  IsEncrypted: z.literal(false, 'is encrypted, which only "func settings decrypt" can undo').default(false),
  Values: z.record(z.string(), z.string('is not a text; put it in quotes')).default({}),
  Host: z.looseObject({ LocalHttpPort: z.int().min(0).max(65_535).optional() }).default({}),
});

export function readLocalSettings(text: string): { readonly values: Settings; readonly port: number | undefined } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(`it is no JSON: ${(cause as Error).message}`, { cause });
  }
  const read = LocalSettings.safeParse(json);
  if (!read.success) {
    throw new Error(read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '));
  }
  return { values: read.data.Values, port: read.data.Host.LocalHttpPort };
}
