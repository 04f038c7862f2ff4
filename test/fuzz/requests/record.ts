// What the answers have said: ids, cursors and tags for later requests, and what must be there in the end. Called by
// fuzzRequests.ts.
import { isDeepStrictEqual } from 'node:util';
import type { DrawnRequest } from './drawRequest.ts';
import type { RawAnswer } from './sendRaw.ts';

type Document = Readonly<Record<string, unknown>>;
type Kind = 'holds' | 'approvals';

/** Reads a list of the API to its last page. */
export type ReadList = (path: string) => Promise<readonly Document[]>;

export function createRecord() {
  const standing = { holds: new Map<string, Document>(), approvals: new Map<string, Document>() };
  const ended = { holds: new Map<string, Document>(), approvals: new Map<string, Document>() };
  const versions = new Map<number, Document>();
  const cursors = new Map<string, string>();
  let etag = '"none"';

  function learnWrite(operation: string, body: Document): void {
    const kind: Kind = operation.endsWith('Hold') ? 'holds' : 'approvals';
    const id = String(body['id']);
    if (operation === 'postHold' || operation === 'postApproval') {
      // What it matched at that moment is not kept.
      const { matches: _matches, warning: _warning, ...kept } = body;
      standing[kind].set(id, kept);
    }
    if (operation === 'deleteHold' || operation === 'deleteApproval') {
      standing[kind].delete(id);
      ended[kind].set(id, body);
    }
    if (operation === 'putPolicy' && 'version' in body) versions.set(Number(body['version']), body);
  }

  return {
    learn({ operation = '' }: DrawnRequest, { status, contentType, headers, text }: RawAnswer): void {
      if (status >= 300 || !contentType?.startsWith('application/json')) return;
      const body = JSON.parse(text) as Document;
      etag = headers.get('etag') ?? etag;
      const { nextLink } = body;
      const cursor =
        typeof nextLink === 'string'
          ? new URL(nextLink, 'https://keeper.example.com').searchParams.get('cursor')
          : null;
      if (cursor !== null) cursors.set(operation, cursor);
      learnWrite(operation, body);
    },

    /** Puts what is known in the place of «id postHold» and the like. */
    complete(text: string, key: string): string {
      const first = (map: ReadonlyMap<string, unknown>) => [...map.keys()][0] ?? 'none';
      return text
        .replaceAll('«key»', key)
        .replaceAll('«etag»', etag)
        .replaceAll('«version»', String(versions.size + 1))
        .replaceAll('«id deleteHold»', () => first(standing.holds))
        .replaceAll('«id deleteApproval»', () => first(standing.approvals))
        .replaceAll(/«cursor (\w+)»/g, (_all, operation: string) => cursors.get(operation) ?? 'x');
    },

    counts: () => ({
      holds: standing.holds.size + ended.holds.size,
      approvals: standing.approvals.size + ended.approvals.size,
      versions: versions.size,
    }),

    /** What is missing, or there though its request was refused; none: nothing is lost. */
    async losses(readList: ReadList): Promise<readonly string[]> {
      const lost: string[] = [];
      const compare = (what: string, said: ReadonlyMap<unknown, Document>, found: ReadonlyMap<unknown, Document>) => {
        for (const [id, document] of said) {
          if (!isDeepStrictEqual(found.get(id), document)) lost.push(`${what} ${String(id)} is not as it was answered`);
        }
        for (const id of found.keys()) if (!said.has(id)) lost.push(`${what} ${String(id)} was never answered`);
      };
      const byId = (list: readonly Document[]) => new Map(list.map((one) => [one['id'], one]));
      for (const [kind, flag] of [
        ['holds', 'lifted'],
        ['approvals', 'revoked'],
      ] as const) {
        compare(kind, standing[kind], byId(await readList(`/api/${kind}?limit=7`)));
        compare(`${flag} ${kind}`, ended[kind], byId(await readList(`/api/${kind}?${flag}=true&limit=7`)));
      }
      // The first stands for the policy that was there before the requests.
      const listed = (await readList('/api/policy/versions?limit=7')).map(
        (one) => [Number(one['version']), one] as const,
      );
      const asListed = [...versions].map(([version, { policy: _policy, ...rest }]) => [version, rest] as const);
      compare('policy version', new Map(asListed), new Map(listed.filter(([version]) => version > 1)));
      return lost;
    },
  };
}
