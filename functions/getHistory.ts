// GET /api/history: which pool went from which image to which, when, why, and in or out of the window.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { HistoryQuery, parametersOf, withCursor } from '../shared/httpSchemas.ts';
import { badQuery, json } from '../shared/problem.ts';
import { queryHistory } from '../shared/usecases/queryHistory.ts';

app.http('getHistory', {
  methods: ['GET'],
  route: 'history',
  authLevel: 'function',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const query = HistoryQuery.safeParse(parametersOf(request.query));
    if (!query.success) return badQuery(query.error);
    const { cursor, ...filter } = query.data;
    const page = await queryHistory(dependencies(context), { ...filter, after: cursor });
    return json({ value: page.rows, ...(page.next ? { nextLink: withCursor(request.url, page.next) } : {}) });
  },
});
