// Judges one answer: no failure of ours, never silence, and what /api/openapi.json says. Called by fuzzRequests.ts.
import { operations } from '../../../shared/http/operations/operations.ts';
import { checkAnswer } from '../../http/checkAnswer.ts';
import type { DrawnRequest } from './drawRequest.ts';
import type { RawAnswer, RawRequest } from './sendRaw.ts';

/** What Node takes of a request's line and headers; more is 431, by the host. */
const maxHead = 15_000;

const routes = operations.map(({ method, route }) => ({
  method,
  pattern: new RegExp(`^/api/${route.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

/** What is wrong with the answer to a request as it was sent; undefined: nothing is. */
export function judgeAnswer(
  { operation, mustFail }: DrawnRequest,
  sent: RawRequest,
  answer: RawAnswer | undefined,
): string | undefined {
  if (!answer) return 'the connection was closed without an answer';
  const { status, contentType, text } = answer;
  const isHealth = operation === 'getHealth';
  if (status >= 500 && !(isHealth && status === 503)) return `${status}: ${text.slice(0, 500)}`;
  if (!Number.isInteger(status) || status < 200) return `no status: ${status}`;
  // What the host says for itself is its own affair.
  if (operation === undefined || !reachesApp(sent)) return undefined;
  if (status === 401) return 'refused with a key';
  if (mustFail && status < 400) return `${status}, though it holds what nobody takes`;
  try {
    checkAnswer({ method: sent.method, url: sent.target, status, contentType, text });
    return undefined;
  } catch (error) {
    return (error as Error).message.slice(0, 1000);
  }
}

/** False where the host answers for itself: the path names no operation or does not decode, or it is too long. */
function reachesApp({ method, target, headers }: RawRequest): boolean {
  if (target.length + headers.flat().join('').length > maxHead) return false;
  const { pathname } = new URL(target, 'http://localhost');
  try {
    decodeURIComponent(pathname);
  } catch {
    return false;
  }
  return routes.some((route) => route.method === method && route.pattern.test(pathname));
}
