// GET /api/windows: each cluster's maintenance window in words, its next occurrences, and what is odd about it.
import { queryTrigger } from '../shared/http/trigger.ts';
import { listWindows } from '../shared/usecases/ask/listWindows.ts';

export const handler = queryTrigger('getWindows', async (query, { parts, json }) =>
  json({ value: await listWindows(parts, query) }),
);
