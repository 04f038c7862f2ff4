// Lists of managed clusters, a page at a time, with the nextLink that leads on. Called by routes.ts.
import type { ClusterState } from '../world/world.ts';
import { type Answer, armError } from './armAnswer.ts';
import { clusterBody } from './resources.ts';

const pageSize = 50;

/** A page of clusters. The token counts those of the pages before; it comes back as `$skipToken`, in any case. */
export function clusterPage(clusters: readonly ClusterState[], url: URL): Answer {
  const token = [...url.searchParams].find(([name]) => name.toLowerCase() === '$skiptoken')?.[1] ?? '0';
  if (!/^\d+$/.test(token)) return armError(400, 'InvalidSkipToken', `The skip token '${token}' is not valid.`);
  const start = Number(token);
  const next = new URL(url);
  next.search = new URLSearchParams({
    'api-version': url.searchParams.get('api-version') ?? '',
    $skipToken: String(start + pageSize),
  }).toString();
  return {
    status: 200,
    body: {
      value: clusters.slice(start, start + pageSize).map(clusterBody),
      ...(start + pageSize < clusters.length && { nextLink: next.href }),
    },
  };
}
