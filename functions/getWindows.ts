// GET /api/windows: each cluster's maintenance window in words, its next occurrences, and what is odd about it.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { parametersOf } from '../shared/httpSchemas.ts';
import { badQuery, json } from '../shared/problem.ts';
import { listWindows } from '../shared/usecases/listWindows.ts';
import { WindowsQuery } from '../shared/windowSchemas.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = WindowsQuery.safeParse(parametersOf(request.query));
  if (!query.success) return badQuery(query.error);
  return json({ value: await listWindows(dependencies(context), query.data) });
}

app.http('getWindows', { methods: ['GET'], route: 'windows', authLevel: 'function', handler });
