// What GET /api/images/{nodeImageVersion} answers, and the support of an image that other answers hold.
import { z } from 'zod';
import type { ImageSupport as Support } from '../../domain/image/imageSupport.ts';
import type { NodeImageVersion } from '../../domain/image/nodeImageVersion.ts';
import { record } from './component.ts';
import { Count, Day, Sentence } from './texts.ts';

export const ImageSupport = record<Support>()(
  'ImageSupport',
  'Whether AKS supports an image: for 90 days after its release, while its family lives.',
  {
    status: z.enum(['supported', 'outOfSupport', 'retiring', 'retired', 'unknown']),
    date: Day.optional().describe('The last supported day, or the day on which the family retires.'),
    reason: Sentence.optional(),
  },
);

export type NodeImage = Omit<NodeImageVersion, 'raw' | 'releaseParts'> & {
  readonly nodeImageVersion: string;
  readonly ageDays: number | undefined;
  readonly support: Support;
  readonly releaseNotes: string | undefined;
};

export const NodeImage = record<NodeImage>()('NodeImage', 'What a node image version says.', {
  nodeImageVersion: z.string(),
  gallery: z.string(),
  definition: z.string().describe('Empty where the name has none.'),
  family: z.string().describe('Gallery and definition: the images that replace one another.'),
  release: z.string(),
  releaseDate: Day,
  securityPatch: Day.optional().describe('Of the patch that the node label carries.'),
  os: z.enum(['Linux', 'Windows']),
  sku: z.string().optional().describe("As in ARM's osSKU, with the version."),
  generation: z.union([z.literal(1), z.literal(2)]).optional(),
  architecture: z.enum(['x64', 'arm64']).optional(),
  features: z.array(z.enum(['FIPS', 'TrustedLaunch', 'CVM', 'Kata'])),
  ageDays: Count.optional().describe('Days since the release date; absent before it.'),
  support: ImageSupport,
  releaseNotes: z.url().optional(),
});
