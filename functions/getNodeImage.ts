// GET /api/images/{nodeImageVersion}: what a node image version says: family, release, OS, age, support, release notes.
import { dependencies } from '../shared/composition.ts';
import { imageSupport, releaseNotesUrl } from '../shared/domain/image/imageSupport.ts';
import { knownAge, parseNodeImageVersion } from '../shared/domain/image/nodeImageVersion.ts';
import type { NodeImage } from '../shared/http/answers/image.ts';
import { json } from '../shared/http/jsonAnswer.ts';
import { problem } from '../shared/http/problemDocument.ts';
import { NoQuery, queryTrigger } from '../shared/http/trigger.ts';

export const handler = queryTrigger('getNodeImage', NoQuery, async (_query, { request, context }) => {
  const text = request.params['nodeImageVersion'] ?? '';
  const version = parseNodeImageVersion(text);
  if (!version) {
    const detail = `nodeImageVersion is ${JSON.stringify(text.slice(0, 200))}; give {gallery}-{definition}-{release} with a release of a date that exists, for example AKSUbuntu-2204gen2containerd-202512.18.0.`;
    return problem(400, 'The node image version is not valid', detail);
  }
  const now = dependencies(context).clock.now();
  const { raw, releaseParts: _parts, ...rest } = version;
  return json<typeof NodeImage>({
    nodeImageVersion: raw,
    ...rest,
    ageDays: knownAge(version, now),
    support: imageSupport(version, now),
    releaseNotes: releaseNotesUrl(version),
  });
});
