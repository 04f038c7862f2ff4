// Reads the query of an HTTP request against its schema. Called by the triggers.
import type { z } from 'zod';
import { badRequest, type Read, readBy } from './problemDocument.ts';

export function readQuery<T>(request: { readonly url: string }, schema: z.ZodType<T>): Read<T> {
  // From the URL, because the host joins a repeated parameter with a comma.
  const given = new URL(request.url).searchParams;
  // The function key in the URL is for the host.
  const names = [...new Set(given.keys())].filter((name) => name !== 'code' && name !== 'clientId');
  const twice = names.filter((name) => given.getAll(name).length > 1);
  if (twice.length > 0) {
    const errors = twice.map((parameter) => ({ parameter, message: 'is given more than once; give it once' }));
    return { ok: false, response: badRequest('query', errors) };
  }
  return readBy(schema, 'query', Object.fromEntries(names.map((name) => [name, given.get(name)])));
}
