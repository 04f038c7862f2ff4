// Reads the JSON body of an HTTP request against its schema, within bounds: all callers share one thread. Called by the
// triggers that take one.
import type { ReadableStream } from 'node:stream/web';
import type { z } from 'zod';
import { mostProblems } from '../domain/text/fieldProblems.ts';
import { type ParameterProblem, problem } from './problem.ts';

/** The parts of the functions' request that are read here. */
type Request = {
  readonly headers: { readonly get: (name: string) => string | null };
  readonly body: ReadableStream | null;
};

type JsonBody<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly response: ReturnType<typeof problem> };

/** In bytes. Twice the longest policy that is stored, so that it may be indented. */
export const longestBody = 64 * 1024;

/** What is read here nests five deep at most. Others are bounded before anything walks down them. */
const deepest = 32;

/** The body as its schema reads it, or the 400 that says what is wrong with every field, or 413 before it is parsed. */
export async function readJsonBody<T>(request: Request, schema: z.ZodType<T>): Promise<JsonBody<T>> {
  const text = await readText(request);
  if (text === undefined) {
    const detail = `The body is longer than ${longestBody} bytes, the longest that is read. Send a shorter one.`;
    return { ok: false, response: problem(413, 'The body is too long', detail) };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const found = text.trim() === '' ? 'it is empty' : (error as Error).message;
    return { ok: false, response: badBody(`The body is not JSON: ${found}.`) };
  }
  if (isDeep(value)) {
    return {
      ok: false,
      response: badBody(`The body nests more than ${deepest} lists or objects. Send a flatter one.`),
    };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors = parsed.error.issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ parameter: key, message: 'is no field of this body; leave it out' }))
        : [{ parameter: issue.path.join('.') || 'body', message: issue.message }],
    )
    .slice(0, mostProblems);
  const detail = errors.map(({ parameter, message }) => `${parameter} ${message}`).join('; ');
  return { ok: false, response: badBody(`${detail}.`, errors) };
}

/** Undefined as soon as it is longer than it may be, whatever its length is said to be. */
async function readText({ headers, body }: Request): Promise<string | undefined> {
  if (Number(headers.get('content-length')) > longestBody) return undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Not cancelled: that would cut the connection, and with it the answer.
  for await (const chunk of body?.values({ preventCancel: true }) ?? []) {
    const bytes: Uint8Array = chunk;
    length += bytes.byteLength;
    if (length > longestBody) return undefined;
    chunks.push(bytes);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Level by level, as going down by recursion is what a deep body breaks. */
function isDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= deepest; depth += 1) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    if (level.length === 0) return false;
  }
  return true;
}

function badBody(detail: string, errors?: readonly ParameterProblem[]): ReturnType<typeof problem> {
  return problem(400, 'The body is not valid', detail, errors);
}
