// POST /api/windows/evaluate: what any maintenance window means: is it valid, is it open, when does it open, what is odd.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { readJsonBody } from '../shared/http/jsonBody.ts';
import { json } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { EvaluateRequest, NoQuery } from '../shared/http/windowSchemas.ts';
import { type Evaluation, evaluateWindow } from '../shared/usecases/ask/evaluateWindow.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, NoQuery);
  if (!query.ok) return query.response;
  const body = await readJsonBody(request, EvaluateRequest);
  if (!body.ok) return body.response;
  const { maintenanceWindow, at, count, timeZone } = body.value;
  const question = { at: at ?? dependencies(context).clock.now(), count, timeZone };
  return json<Evaluation>(evaluateWindow(maintenanceWindow, question));
}

app.http('evaluateWindow', { methods: ['POST'], route: 'windows/evaluate', authLevel: 'function', handler });
