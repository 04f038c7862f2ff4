// Registers HTTP functions at their routes and checks each request before its handler sees it. Called by the files of
// functions/ when they load; a function's need for a key is fixed then.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { z } from 'zod';
import { readJsonBody } from './jsonBody.ts';
import { readQuery } from './readQuery.ts';
import { type Route, type RouteName, routes } from './routes.ts';

export type Handler = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;

type Asked = { readonly request: HttpRequest; readonly context: InvocationContext };

/** The query of operations without parameters. */
export const NoQuery = z.strictObject({});

/** Registers a function that reads the request itself. */
export function httpTrigger(name: RouteName, handler: Handler): Handler {
  const { method, route, anonymous }: Route = routes[name];
  app.http(name, { methods: [method], route, authLevel: anonymous ? 'anonymous' : 'function', handler });
  return handler;
}

/** Registers a function that takes a query. Any other query gets a 400 that names every wrong parameter. */
export function queryTrigger<Query>(
  name: RouteName,
  schema: z.ZodType<Query>,
  answer: (query: Query, asked: Asked) => Promise<HttpResponseInit>,
): Handler {
  return httpTrigger(name, async (request, context) => {
    const query = readQuery(request, schema);
    return query.ok ? answer(query.value, { request, context }) : query.response;
  });
}

/** Registers a function that takes a JSON body and no query. */
export function bodyTrigger<Body>(
  name: RouteName,
  schema: z.ZodType<Body>,
  answer: (body: Body, asked: Asked) => Promise<HttpResponseInit>,
): Handler {
  return queryTrigger(name, NoQuery, async (_query, asked) => {
    const body = await readJsonBody(asked.request, schema);
    return body.ok ? answer(body.value, asked) : body.response;
  });
}
