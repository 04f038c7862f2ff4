// GET /api/images/{nodeImageVersion}: what a node image version says: family, release, OS, age, support, release notes.
import { imageSupport, releaseNotesUrl } from '../shared/domain/image/imageSupport.ts';
import { knownAge, parseNodeImageVersion } from '../shared/domain/image/nodeImageVersion.ts';
import { problem } from '../shared/http/problemDocument.ts';
import { queryTrigger } from '../shared/http/trigger.ts';

export const handler = queryTrigger('getNodeImage', async (_query, asked) => {
  const text = asked.path.nodeImageVersion;
  const version = parseNodeImageVersion(text);
  if (!version) {
    const detail = `nodeImageVersion is ${JSON.stringify(text.slice(0, 200))}; give {gallery}-{definition}-{release} with a release of a date that exists, for example AKSUbuntu-2204gen2containerd-202512.18.0.`;
    return problem(400, 'The node image version is not valid', detail);
  }
  const now = asked.parts.clock.now();
  const { raw, releaseParts: _parts, ...rest } = version;
  return asked.json({
    nodeImageVersion: raw,
    ...rest,
    ageDays: knownAge(version, now),
    support: imageSupport(version, now),
    releaseNotes: releaseNotesUrl(version),
  });
});
