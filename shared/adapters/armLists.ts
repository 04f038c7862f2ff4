// Lists of resource providers that no SDK here covers (docs/adr/0007): plain GETs, read page by page against a schema.
// Used by capacity.ts.
import type { ContainerServiceClient } from '@azure/arm-containerservice';
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { z } from 'zod';
import { type ArmOptions, createArmClient, isOfArm, sendGet } from './armClient.ts';
import { readOrAbsent } from './armErrors.ts';

/**
 * Reads all pages of a list; undefined on 404.
 * @param what finishes the sentence "ARM could not …"
 * @param path with its query, api-version included
 * @throws ArmError also when the answer is not of the expected shape (code `UnexpectedAnswer`)
 */
export type ListOfArm = <T>(what: string, path: string, item: z.ZodType<T>) => Promise<readonly T[] | undefined>;

const ErrorBody = z.object({ error: z.object({ code: z.string().optional(), message: z.string().optional() }) });

export function createArmLists(options: ArmOptions): ListOfArm {
  let client: ContainerServiceClient | undefined;

  async function getPage(url: string): Promise<unknown> {
    client ??= createArmClient(options, '');
    const response = await sendGet(options, client, url);
    const body = toJson(response.bodyAsText ?? '');
    if (response.status !== 200) throw toError(response, body);
    return body;
  }

  return (what, path, item) => {
    const Page = z.object({ value: z.array(item), nextLink: z.string().nullish() });
    return readOrAbsent(what, async () => {
      const items: z.infer<typeof item>[] = [];
      for (let url: string | undefined = options.endpoint + path; url; ) {
        const page = Page.safeParse(await getPage(url));
        if (!page.success) throw unexpected(z.prettifyError(page.error));
        items.push(...page.data.value);
        const next: string = page.data.nextLink ?? '';
        if (next !== '' && !isOfArm(next, options)) throw unexpected('its nextLink is not on the host of ARM');
        url = next;
      }
      return items;
    });
  };
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An HTTP error as the SDK throws it, which armErrors.ts reads. */
function toError(response: PipelineResponse, body: unknown): Error {
  const { code = 'Unknown', message = '' } = ErrorBody.safeParse(body).data?.error ?? {};
  return Object.assign(new Error(message), { statusCode: response.status, code, response });
}

function unexpected(why: string): Error {
  return Object.assign(new Error(`the answer is not as expected: ${why.replaceAll(/\s+/g, ' ')}`), {
    code: 'UnexpectedAnswer',
  });
}
