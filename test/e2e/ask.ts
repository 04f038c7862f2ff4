// How tests ask an app that runs in a host, be that a process of its own: every answer of the API is checked against the
// OpenAPI document.
import { checkResponse } from '../http/checkAnswer.ts';

/** Paths that are not under `/api/` are the host's own, such as the webhook of Event Grid. */
export async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init);
  if (new URL(url).pathname.startsWith('/api/')) await checkResponse(init.method ?? 'GET', url, response);
  return response;
}
