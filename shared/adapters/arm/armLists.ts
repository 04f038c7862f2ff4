// Lists of ARM as plain GETs (docs/adr/0007), checked against a schema. Used by arm.ts and capacity.ts.
import { z } from 'zod';
import { jsonIn } from '../../domain/text/jsonIn.ts';
import { allPages, listTimeOut } from './allPages.ts';
import { type ArmOptions, createArmClients, sendGet } from './armClient.ts';
import { httpError, readOrAbsent, unexpected } from './armErrors.ts';

/** Undefined on 404. @param what finishes the sentence "ARM could not …" @param path with its api-version */
export function createArmLists(options: ArmOptions) {
  const clientFor = createArmClients(options);

  return <T>(what: string, path: string, item: z.ZodType<T>) => {
    const PageShape = z.object({ value: z.array(item), nextLink: z.string().nullish() });
    const readPage = async (next: string) => {
      const response = await sendGet(options, await clientFor(''), next || options.endpoint + path);
      if (response.status !== 200) throw httpError(response);
      const page = PageShape.safeParse(jsonIn(response.bodyAsText));
      if (!page.success) throw unexpected(z.prettifyError(page.error));
      return { items: page.data.value, next: page.data.nextLink };
    };
    return readOrAbsent(what, () => allPages(readPage, listTimeOut()));
  };
}
