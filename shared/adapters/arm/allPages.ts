// Reads a list that comes page by page, within bounds: who answers says where the next page is, and must not keep us for
// ever. Called by the adapters of ARM and of the Kubernetes API.

/** A page's items, and where the next page is: empty or absent on the last. The Azure SDK gives them so. */
export type Page<T> = readonly T[] & { readonly continuationToken?: string | undefined };

/** 1,000 pages hold far more than any subscription or cluster may have. */
const mostPages = 1000;
const listSeconds = 60;

/** `signal`: ends the whole list, whatever its pages take. */
export function listTimeOut(): AbortSignal {
  return AbortSignal.timeout(listSeconds * 1000);
}

/**
 * Every item of a list. Half a list is none: where it can't be read to its end, all of it fails, also where ARM says of a
 * later page that it is not there.
 * @throws what a page throws, and an error of code `UnfinishedList`
 */
export async function allPages<T>(pages: AsyncIterable<Page<T>>, signal: AbortSignal): Promise<readonly T[]> {
  const items: T[] = [];
  const followed = new Set<string>();
  const iterator = pages[Symbol.asyncIterator]();
  for (let page = 1; page <= mostPages; page += 1) {
    const { done, value } = await before(signal, () => nextOf(iterator, page));
    if (done) return items;
    for (const item of value) items.push(item);
    const next = value.continuationToken ?? '';
    if (followed.has(next)) throw unfinished(`page ${page} leads back to one that was read`);
    if (next === '') return items;
    followed.add(next);
  }
  throw unfinished(`it has more than ${mostPages} pages`);
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

/** What is read, or the error that it came too late. A request that nobody waits for any more ends by its own time limit. */
async function before<T>(signal: AbortSignal, reading: () => Promise<T>): Promise<T> {
  const tooLate = unfinished(`it took more than ${listSeconds} seconds`);
  if (signal.aborted) throw tooLate;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const end = () => reject(tooLate);
  signal.addEventListener('abort', end);
  try {
    return await Promise.race([late, reading()]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function unfinished(why: string): Error {
  return Object.assign(new Error(`the list could not be read to its end: ${why}`), { code: 'UnfinishedList' });
}
