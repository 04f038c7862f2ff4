// Reads what the local host honours of host.json. Called by startFunctionsHost.ts.
import { z } from 'zod';

/** A .NET TimeSpan, `[days.]hh:mm:ss[.fraction]`, in milliseconds. */
const timeSpan = z
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
  // Azure's default is a minute. On a laptop nobody pays by the request, and somebody is watching.
  maxPollingInterval: timeSpan.default(1000),
  messageEncoding: z.enum(['base64', 'none']).default('base64'),
});

const http = z.looseObject({ routePrefix: z.string().default('api') });

const hostJson = z.looseObject({
  extensions: z
    .looseObject({ http: http.prefault({}), queues: queues.prefault({}) })
    .prefault({})
    .transform((extensions) => ({ http: extensions.http, queues: extensions.queues })),
});

/** `extensions.queues` with its defaults; times in milliseconds. */
export type QueueSettings = z.output<typeof queues>;

/** host.json as the local host reads it. */
export type HostJson = z.output<typeof hostJson>;

/**
 * Reads a parsed host.json. Fields that the local host does not know pass unread.
 * @throws one error that names every bad field and what was expected of it
 */
export function readHostJson(json: unknown): HostJson {
  const read = hostJson.safeParse(json);
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `${issue.path.join('.') || 'the document'}: ${issue.message}`);
  throw new Error(`host.json is not usable: ${problems.join('; ')}.`);
}
