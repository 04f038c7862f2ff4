// How the tests ask an app that runs in a host, its own process or not: every answer is checked against the OpenAPI document.
import { checkResponse } from '../checkAnswer.ts';

/** @param url of an operation, such as `http://localhost:7071/api/history` */
export async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init);
  await checkResponse(init.method ?? 'GET', url, response);
  return response;
}
