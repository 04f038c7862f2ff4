// Lists of ARM as plain GETs (docs/adr/0007), checked against a schema. Used by arm.ts and capacity.ts.
import { z } from 'zod';
import { jsonIn } from '../../domain/text/jsonIn.ts';
import { allPages, listTimeOut, type Page } from './allPages.ts';
import { type ArmOptions, createArmClients, sendGet } from './armClient.ts';
import { httpError, readOrAbsent, unexpected } from './armErrors.ts';

/** Undefined on 404. @param what finishes the sentence "ARM could not …" @param path with its api-version */
export function createArmLists(options: ArmOptions) {
  const clientFor = createArmClients(options);

  async function getPage(url: string): Promise<unknown> {
    const response = await sendGet(options, clientFor(''), url);
    if (response.status !== 200) throw httpError(response);
    return jsonIn(response.bodyAsText);
  }

  async function* pagesFrom<T>(first: string, item: z.ZodType<T>): AsyncGenerator<Page<T>> {
    const PageShape = z.object({ value: z.array(item), nextLink: z.string().nullish() });
    for (let url = first; ; ) {
      const page = PageShape.safeParse(await getPage(url));
      if (!page.success) throw unexpected(z.prettifyError(page.error));
      url = page.data.nextLink ?? '';
      yield Object.assign(page.data.value, { continuationToken: url });
    }
  }

  return <T>(what: string, path: string, item: z.ZodType<T>) =>
    readOrAbsent(what, () => allPages(pagesFrom(options.endpoint + path, item), listTimeOut()));
}
