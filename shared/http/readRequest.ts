// Reads path, query and JSON body of an HTTP request by their schemas, within bounds: all callers share one thread.
import type { ReadableStream } from 'node:stream/web';
import { ZodObject, type z } from 'zod';
import { maxProblems } from '../domain/text/fieldProblems.ts';
import { badRequest, type ParameterProblem, problem } from './problemDocument.ts';

type Request = {
  readonly headers: { readonly get: (name: string) => string | null };
  readonly body: ReadableStream | null;
};

type ReadRequest<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly response: ReturnType<typeof badRequest> };

/** In bytes. Twice the longest policy that is stored, so that it may be indented. */
export const maxBodyBytes = 64 * 1024;

/** What is read here nests five deep at most. Others are bounded before anything walks down them. */
const maxDepth = 32;

/** Returns the body as its schema reads it, the 400 that names every wrong field, or 413 before it is parsed. */
export async function readJsonBody<T>(request: Request, schema: z.ZodType<T>): Promise<ReadRequest<T>> {
  const json = await readJson(request);
  if (!json.ok) return json;
  const read = readBy(schema, 'body', json.value);
  return read.ok ? read : { ok: false, response: badRequest('body', read.errors) };
}

/** The body as it is. */
export async function readJson(request: Request): Promise<ReadRequest<unknown>> {
  const text = await readText(request);
  if (text === undefined) {
    const detail = `The body is longer than ${maxBodyBytes} bytes, the longest that is read. Send a shorter one.`;
    return { ok: false, response: problem(413, 'The body is too long', detail) };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const found = text.trim() === '' ? 'it is empty' : (error as Error).message;
    return badBody(`The body is not JSON: ${found}.`);
  }
  if (isDeep(value)) return badBody(`The body nests more than ${maxDepth} lists or objects. Send a flatter one.`);
  return { ok: true, value };
}

function badBody(detail: string): ReadRequest<never> {
  return { ok: false, response: problem(400, 'The body is not valid', detail) };
}

/** Undefined as soon as it is longer than it may be, whatever its length is said to be. */
async function readText({ headers, body }: Request): Promise<string | undefined> {
  if (Number(headers.get('content-length')) > maxBodyBytes) return undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Not cancelled: that would cut the connection, and with it the answer.
  for await (const chunk of body?.values({ preventCancel: true }) ?? []) {
    const bytes: Uint8Array = chunk;
    length += bytes.byteLength;
    if (length > maxBodyBytes) return undefined;
    chunks.push(bytes);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Level by level, as going down by recursion is what a deep body breaks. */
function isDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= maxDepth; depth += 1) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    if (level.length === 0) return false;
  }
  return true;
}

type UrlRequest = { readonly url: string; readonly params: Readonly<Record<string, string>> };
type UrlSchemas<Path, Query> = { readonly path: z.ZodType<Path>; readonly query: z.ZodType<Query> };

export function readUrl<Path, Query>(
  { url, params }: UrlRequest,
  schemas: UrlSchemas<Path, Query>,
): ReadRequest<{ readonly path: Path; readonly query: Query }> {
  const path = readBy(schemas.path, 'path', params);
  if (!path.ok) return { ok: false, response: badRequest('path', path.errors) };
  const query = readQuery(new URL(url).searchParams, schemas.query);
  if (!query.ok) return { ok: false, response: badRequest('query', query.errors) };
  return { ok: true, value: { path: path.value, query: query.value } };
}

/** From the URL, because the host joins a repeated parameter with a comma. */
function readQuery<T>(given: URLSearchParams, schema: z.ZodType<T>): ReadFields<T> {
  // The function key in the URL is for the host.
  const names = [...new Set(given.keys())].filter((name) => name !== 'code' && name !== 'clientId');
  const twice = names.filter((name) => given.getAll(name).length > 1).slice(0, maxProblems);
  if (twice.length > 0) {
    return {
      ok: false,
      errors: twice.map((parameter) => ({ parameter, message: 'is given more than once; give it once' })),
    };
  }
  return readBy(schema, 'query', Object.fromEntries(names.map((name) => [name, given.get(name)])));
}

type ReadFields<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly ParameterProblem[] };

const unknownName = {
  path: 'is no part of the path',
  query: 'is no parameter of this operation',
  body: 'is no field of this body',
};

/** A misspelled filter that is left out asks for everything: say how it is spelled. */
function taken(schema: z.ZodType): string {
  const names = schema instanceof ZodObject ? Object.keys(schema.shape) : [];
  return names.length > 0 ? `which takes ${names.join(', ')}` : 'which takes none';
}

export function readBy<T>(schema: z.ZodType<T>, where: keyof typeof unknownName, given: unknown): ReadFields<T> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors = parsed.error.issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({
            parameter: key,
            message: `${unknownName[where]}, ${taken(schema)}; leave it out`,
          }))
        : [{ parameter: issue.path.join('.') || where, message: issue.message }],
    )
    .slice(0, maxProblems);
  return { ok: false, errors };
}
