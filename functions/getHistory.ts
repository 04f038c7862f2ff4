// GET /api/history: which pool went from which image to which, when, why, and in or out of the window.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { Cursor, HistoryQuery, parametersOf } from '../shared/httpSchemas.ts';
import { badQuery, json, problem } from '../shared/problem.ts';
import { queryHistory } from '../shared/usecases/queryHistory.ts';

app.http('getHistory', {
  methods: ['GET'],
  route: 'history',
  authLevel: 'function',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const query = HistoryQuery.safeParse(parametersOf(request.query));
    if (!query.success) return badQuery(query.error);
    const after = readCursor(query.data.cursor);
    if (after === null)
      return problem(400, 'The query is not valid', 'cursor is not one that this API gave; follow nextLink as it is.');
    const page = await queryHistory(dependencies(context), { ...query.data, after });
    return json({ value: page.rows, ...(page.next ? { nextLink: nextLink(request.url, page.next) } : {}) });
  },
});

function readCursor(cursor: string | undefined): string | undefined | null {
  if (cursor === undefined) return undefined;
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString())).before;
  } catch {
    return null;
  }
}

// The link keeps the caller's query; a key in it is the caller's own.
function nextLink(url: string, before: string): string {
  const link = new URL(url);
  link.searchParams.set('cursor', Buffer.from(JSON.stringify({ before })).toString('base64url'));
  return link.toString();
}
