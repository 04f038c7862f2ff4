// GET /api/windows: each cluster's maintenance window in words, its next occurrences, and what is odd about it.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { WindowList } from '../shared/http/answers/window.ts';
import { json } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { WindowsQuery } from '../shared/http/windowSchemas.ts';
import { listWindows } from '../shared/usecases/ask/listWindows.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, WindowsQuery);
  if (!query.ok) return query.response;
  return json<WindowList>({ value: await listWindows(dependencies(context), query.value) });
}

app.http('getWindows', { methods: ['GET'], route: 'windows', authLevel: 'function', handler });
