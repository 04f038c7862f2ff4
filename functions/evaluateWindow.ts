// POST /api/windows/evaluate: what any maintenance window means: is it valid, is it open, when does it open, what is odd.
import { dependencies } from '../shared/composition.ts';
import type { Evaluation } from '../shared/http/answers/window.ts';
import { json } from '../shared/http/jsonAnswer.ts';
import { EvaluateRequest } from '../shared/http/requests/window.ts';
import { bodyTrigger } from '../shared/http/trigger.ts';
import { evaluateWindow } from '../shared/usecases/ask/evaluateWindow.ts';

export const handler = bodyTrigger(
  'evaluateWindow',
  EvaluateRequest,
  async ({ maintenanceWindow, at, ...asked }, { context }) => {
    const question = { ...asked, at: at ?? dependencies(context).clock.now() };
    return json<typeof Evaluation>(evaluateWindow(maintenanceWindow, question));
  },
);
