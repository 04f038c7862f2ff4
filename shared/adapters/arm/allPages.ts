// Reads a paged list within bounds, as the server says where the next page is. Called by the ARM and Kubernetes adapters.

/** As the Azure SDK gives it; no continuationToken on the last page. */
export type Page<T> = readonly T[] & { readonly continuationToken?: string | undefined };

/** 1,000 pages hold far more than any subscription or cluster may have. */
const maxPages = 1000;
const listSeconds = 60;

export function listTimeOut(): AbortSignal {
  return AbortSignal.timeout(listSeconds * 1000);
}

/** A list that can't be read to its end fails as a whole (code `UnfinishedList`), also where a later page is 404. */
export async function allPages<T>(pages: AsyncIterable<Page<T>>, signal: AbortSignal): Promise<readonly T[]> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const end = () => reject(unfinished(`it took more than ${listSeconds} seconds`));
  // Nobody waits for it once the list is read.
  late.catch(() => undefined);
  if (signal.aborted) end();
  signal.addEventListener('abort', end);
  const items: T[] = [];
  const followed = new Set<string>();
  const iterator = pages[Symbol.asyncIterator]();
  for (let page = 1; page <= maxPages; page += 1) {
    if (signal.aborted) await late;
    const { done, value } = await Promise.race([late, nextOf(iterator, page)]);
    if (done) return items;
    for (const item of value) items.push(item);
    const next = value.continuationToken ?? '';
    if (followed.has(next)) throw unfinished(`page ${page} leads back to one that was read`);
    if (next === '') return items;
    followed.add(next);
  }
  throw unfinished(`it has more than ${maxPages} pages`);
}

async function nextOf<T>(iterator: AsyncIterator<Page<T>>, page: number): Promise<IteratorResult<Page<T>, unknown>> {
  try {
    return await iterator.next();
  } catch (error) {
    const { statusCode } = error as { readonly statusCode?: unknown };
    if (page > 1 && Number(statusCode) === 404) throw unfinished(`page ${page} is not there`);
    throw error;
  }
}

function unfinished(why: string): Error {
  return Object.assign(new Error(`the list could not be read to its end: ${why}`), { code: 'UnfinishedList' });
}
