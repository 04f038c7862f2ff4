// Sends each HTTP request to what answers it: Event Grid's webhook, the admin API, the app's functions.
import type { HttpAnswer, HttpInput } from '../../http/httpServer.ts';
import { textAnswer } from '../../http/jsonAnswer.ts';
import { answerAdmin } from './adminApi.ts';
import { answerEventGrid } from './eventGridTrigger.ts';
import type { HttpDeps } from './httpDeps.ts';
import { createHttpTrigger } from './httpTrigger.ts';
import { hasKey } from './keys.ts';

export function createRequestHandler(deps: HttpDeps): (request: HttpInput) => Promise<HttpAnswer> {
  const { keys } = deps;
  const answerHttp = createHttpTrigger(deps);

  return async (request) => {
    if (!deps.isRunning()) return textAnswer(503, 'Function host is not running.');
    const path = request.url.pathname.toLowerCase();
    if (path === '/runtime/webhooks/eventgrid') {
      if (!hasKey(request, [keys.eventGrid, keys.master])) return { status: 401 };
      return answerEventGrid(request, deps);
    }
    // No function can be reached below these: the host keeps them for itself.
    if (path.startsWith('/admin/')) return answerAdmin(request, deps);
    if (path.startsWith('/runtime/')) return { status: 404 };
    const answer = await answerHttp(request);
    return answer.status === 404 && path === '/' ? homepage : answer;
  };
}

const homepage: HttpAnswer = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><title>Functions</title><p>The function app runs.</p>\n',
};
