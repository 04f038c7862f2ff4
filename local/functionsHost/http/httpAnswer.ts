// Turns the answer of an HTTP function, in the worker's shape, into one to send. Called by httpTrigger.ts.

import type { HttpAnswer } from '../../http/httpServer.ts';
import { type HttpCookie, type HttpResponseData, textOrBytes } from '../worker/rpc.ts';

// The server writes these itself, for the body that it sends.
const framing = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive']);

export function answerOf(data: HttpResponseData): HttpAnswer {
  const headers: Record<string, string | readonly string[]> = Object.fromEntries(
    Object.entries(data.headers).filter(([name]) => !framing.has(name)),
  );
  if (data.cookies.length > 0) {
    const own = headers['set-cookie'];
    headers['set-cookie'] = [...(typeof own === 'string' ? [own] : []), ...data.cookies.map(setCookie)];
  }
  const body = textOrBytes(data.body);
  return { status: Number(data.statusCode), headers, ...(body !== undefined && { body: Buffer.from(body) }) };
}

const sameSite = { none: undefined, lax: 'lax', strict: 'strict', explicitNone: 'none' };

function setCookie(cookie: HttpCookie): string {
  const expires = cookie.expires && new Date(cookie.expires.value.seconds * 1000).toUTCString();
  const site = sameSite[cookie.sameSite ?? 'none'];
  return [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    expires && `expires=${expires}`,
    cookie.maxAge && `max-age=${cookie.maxAge.value}`,
    cookie.domain && `domain=${cookie.domain.value}`,
    cookie.path && `path=${cookie.path.value}`,
    cookie.secure?.value && 'secure',
    site && `samesite=${site}`,
    cookie.httpOnly?.value && 'httponly',
  ]
    .filter(Boolean)
    .join('; ');
}
