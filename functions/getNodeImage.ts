// GET /api/images/{nodeImageVersion}: what a node image version says: family, release, OS, age, support, release notes.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { imageSupport, releaseNotesUrl } from '../shared/domain/image/imageSupport.ts';
import { knownAge, parseNodeImageVersion } from '../shared/domain/image/nodeImageVersion.ts';
import type { NodeImage } from '../shared/http/answers/image.ts';
import { json, problem } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { NoQuery } from '../shared/http/windowSchemas.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, NoQuery);
  if (!query.ok) return query.response;
  const text = request.params['nodeImageVersion'] ?? '';
  const version = parseNodeImageVersion(text);
  if (!version) {
    const detail = `nodeImageVersion is ${JSON.stringify(text.slice(0, 200))}; give {gallery}-{definition}-{release} with a release of a date that exists, for example AKSUbuntu-2204gen2containerd-202512.18.0.`;
    return problem(400, 'The node image version is not valid', detail);
  }
  const now = dependencies(context).clock.now();
  const { raw, releaseParts: _parts, ...rest } = version;
  return json<NodeImage>({
    nodeImageVersion: raw,
    ...rest,
    ageDays: knownAge(version, now),
    support: imageSupport(version, now),
    releaseNotes: releaseNotesUrl(version),
  });
}

app.http('getNodeImage', { methods: ['GET'], route: 'images/{nodeImageVersion}', authLevel: 'function', handler });
