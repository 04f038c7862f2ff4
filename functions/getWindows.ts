// GET /api/windows: each cluster's maintenance window in words, its next occurrences, and what is odd about it.
import { dependencies } from '../shared/composition.ts';
import type { WindowList } from '../shared/http/answers/window.ts';
import { json } from '../shared/http/jsonAnswer.ts';
import { WindowsQuery } from '../shared/http/requests/window.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { listWindows } from '../shared/usecases/ask/listWindows.ts';

export const handler = queryTrigger('getWindows', WindowsQuery, async (query, { context }) =>
  json<typeof WindowList>({ value: await listWindows(dependencies(context), query) }),
);
