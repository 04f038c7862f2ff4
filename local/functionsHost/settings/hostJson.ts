// Reads what the local host honours of host.json, and .NET's time spans. Called by startFunctionsHost.ts.
import { z } from 'zod';
import { maxTimeout } from '../worker/after.ts';
import { logLevels } from './hostLog.ts';
import type { Settings } from './resolveSettings.ts';

/** A .NET TimeSpan, `[days.]hh:mm:ss[.fraction]`, in milliseconds. */
export const timeSpan = z
  .string()
  .regex(/^(?:\d+\.)?\d\d:[0-5]\d:[0-5]\d(?:\.\d{1,7})?$/, 'expected a time span such as "00:00:30" (hh:mm:ss)')
  .transform((text) => {
    const [, days, hours, minutes, seconds] = /^(?:(\d+)\.)?(\d\d):(\d\d):([\d.]+)$/.exec(text) ?? [];
    return (((Number(days ?? 0) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  });

const queues = z.looseObject({
  batchSize: z.int().min(1).max(32).default(16),
  newBatchThreshold: z.int().min(0).optional(),
  maxDequeueCount: z.int().min(1).default(5),
  visibilityTimeout: timeSpan.default(0),
  // Azure's default is a minute, to save requests; on a laptop somebody is watching.
  maxPollingInterval: timeSpan.default(1000),
  messageEncoding: z.enum(['base64', 'none']).default('base64'),
});

const http = z.looseObject({ routePrefix: z.string().default('api') });

const level = z
  .string()
  .toLowerCase()
  .pipe(z.enum(logLevels, { error: `expected one of ${logLevels.join(', ')}` }));

const functionTimeout = z
  .union([z.literal('-1').transform(() => null), timeSpan], {
    error: 'expected a time span such as "00:05:00", or "-1"',
  })
  .refine((milliseconds) => milliseconds === null || milliseconds <= maxTimeout, 'expected 24 days at most')
  // The default outside the Consumption plan, and of `func start`.
  .default(30 * 60 * 1000);

const hostJson = z.looseObject({
  functionTimeout,
  logging: z.looseObject({ logLevel: z.record(z.string(), level).default({}) }).prefault({}),
  extensions: z.looseObject({ http: http.prefault({}), queues: queues.prefault({}) }).prefault({}),
});

export type QueueSettings = z.output<typeof queues>;

/** host.json as the local host reads it; `functionTimeout` in milliseconds, null for none. */
export type HostJson = z.output<typeof hostJson>;

/** App settings `AzureFunctionsJobHost__path__to__field` replace fields. @throws one error that names every bad field */
export function readHostJson(json: unknown, settings: Settings = {}): HostJson {
  const read = hostJson.safeParse(withOverrides(json, settings));
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `${issue.path.join('.') || 'the document'}: ${issue.message}`);
  throw new Error(`host.json is not usable: ${problems.join('; ')}.`);
}

const overridePrefix = /^AzureFunctionsJobHost(?:__|:)/i;

function withOverrides(json: unknown, settings: Settings): unknown {
  let result = json;
  for (const [name, value] of Object.entries(settings)) {
    const path = name.replace(overridePrefix, '');
    if (path !== name) result = replaceField(result, path.split(/__|:/), value);
  }
  return result;
}

/** A copy with one field replaced; names in any case, as .NET's configuration reads them. */
function replaceField(json: unknown, [name = '', ...rest]: readonly string[], value: string): unknown {
  const fields: Record<string, unknown> = typeof json === 'object' && json !== null ? { ...json } : {};
  const key = Object.keys(fields).find((field) => field.toLowerCase() === name.toLowerCase()) ?? name;
  fields[key] = rest.length > 0 ? replaceField(fields[key], rest, value) : settingValue(value);
  return fields;
}

// A setting is text; where host.json wants a number or a truth value, that is what the text says.
function settingValue(text: string): unknown {
  return /^(?:\d+|true|false)$/.test(text) ? JSON.parse(text) : text;
}

export function formatTimeSpan(milliseconds: number): string {
  const days = Math.floor(milliseconds / 86_400_000);
  const clock = new Date(milliseconds).toISOString().slice(11, 19);
  const fraction = Math.round((milliseconds % 1000) * 10_000);
  return `${days > 0 ? `${days}.` : ''}${clock}${fraction > 0 ? `.${String(fraction).padStart(7, '0')}` : ''}`;
}
