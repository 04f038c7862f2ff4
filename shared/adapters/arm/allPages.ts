// Reads a paged list within bounds, as the server says where the next page is. Called by the ARM and Kubernetes adapters.

/** Reads the first page by an empty text, others by the `next` of the page before. */
export type ReadPage<T> = (next: string) => Promise<{
  readonly items: readonly T[];
  readonly next?: string | null | undefined;
}>;

/** 1,000 pages hold far more than any subscription or cluster may have. */
const maxPages = 1000;
const listSeconds = 60;

export function listTimeOut(): AbortSignal {
  return AbortSignal.timeout(listSeconds * 1000);
}

/** A list that can't be read to its end fails as a whole (code `UnfinishedList`), also where a later page is 404. */
export async function allPages<T>(readPage: ReadPage<T>, signal: AbortSignal): Promise<readonly T[]> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const end = () => reject(unfinished(`it took more than ${listSeconds} seconds`));
  // Nobody waits for it once the list is read.
  late.catch(() => undefined);
  if (signal.aborted) end();
  signal.addEventListener('abort', end);
  const items: T[] = [];
  const followed = new Set<string>();
  let next = '';
  for (let page = 1; page <= maxPages; page += 1) {
    if (signal.aborted) await late;
    const read = await Promise.race([late, readPage(next).catch((error: unknown) => failed(error, page))]);
    for (const item of read.items) items.push(item);
    next = read.next ?? '';
    if (next === '') return items;
    if (followed.has(next)) throw unfinished(`page ${page} leads back to one that was read`);
    followed.add(next);
  }
  throw unfinished(`it has more than ${maxPages} pages`);
}

function failed(error: unknown, page: number): never {
  const { statusCode } = error as { readonly statusCode?: unknown };
  throw page > 1 && Number(statusCode) === 404 ? unfinished(`page ${page} is not there`) : error;
}

function unfinished(why: string): Error {
  return Object.assign(new Error(`the list could not be read to its end: ${why}`), { code: 'UnfinishedList' });
}
