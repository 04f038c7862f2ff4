// Deliberate bugs in how far events are believed that say who did something. Part of the list in bugs.ts.
import type { Bug } from './bug.ts';
import { on, querying, wrong } from './wrap.ts';

/** What an event says counts as if the Activity Log had said it. */
const believed = querying('Evidence', (row) => {
  const { kind, at } = (row.value ?? {}) as { readonly kind?: string; readonly at?: string };
  return kind === 'operation' ? { ...row, value: { ...(row.value as object), logged: { from: at, to: at } } } : row;
});

const emptyWhenUnread = on('arm', 'listActivities', (list) => async (...asked) => {
  try {
    return await list(...asked);
  } catch {
    return [];
  }
});

export const evidenceBugs: readonly Bug[] = [
  wrong('forged evidence believed', believed),
  wrong('Activity Log that can not be read taken for empty', emptyWhenUnread),
];
