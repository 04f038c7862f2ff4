// POST /api/preflight: what would keep a cluster's pools from being started now, each check with its facts, for a change ticket.
import { problem } from '../shared/http/problemDocument.ts';
import { bodyTrigger } from '../shared/http/trigger.ts';
import { maxClusters, reportPreflight } from '../shared/usecases/start/reportPreflight.ts';

export const handler = bodyTrigger('postPreflight', async (body, { parts, json }) => {
  const { cluster, nodePool } = body;
  const answer = await reportPreflight(parts, body);
  switch (answer.kind) {
    case 'reports':
      return json({ value: answer.reports });
    case 'notFound': {
      const what = nodePool === undefined ? `cluster ${cluster}` : `pool ${nodePool} in cluster ${cluster}`;
      const detail = `The fleet has no ${what}. GET /api/nodepools lists its pools; a new cluster is there after the next pass.`;
      return problem(404, 'Nothing to check', detail);
    }
    case 'tooMany': {
      const detail = `${cluster} names ${answer.clusters} clusters, and at most ${maxClusters} are checked at once. Name fewer.`;
      return problem(400, 'Too many clusters', detail);
    }
  }
});
