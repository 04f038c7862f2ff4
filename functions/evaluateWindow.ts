// POST /api/windows/evaluate: what any maintenance window means: is it valid, is it open, when does it open, what is odd.
import { bodyTrigger } from '../shared/http/trigger.ts';
import { explainWindow } from '../shared/usecases/ask/explainWindow.ts';

export const handler = bodyTrigger('evaluateWindow', async ({ maintenanceWindow, at, ...question }, asked) =>
  asked.json(explainWindow(maintenanceWindow, { ...question, at: at ?? asked.parts.clock.now() })),
);
