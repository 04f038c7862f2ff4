// What GET /api/history and GET /api/history/verify take. Called by the table of operations.
import { z } from 'zod';
import { type HistoryKind, historyKinds } from '../../domain/ledger/historyFilter.ts';
import { causes, outcomes } from '../../domain/ledger/ledger.ts';
import {
  anyCharacters,
  ClusterFilter,
  clusterMeans,
  cursorOf,
  instant,
  Limit,
  Name,
  parsed,
  quoted,
} from './values.ts';

const oneOf = <T extends string>(values: readonly T[]) =>
  z.enum(values, { error: quoted(`one of ${values.join(', ')}`) });

const ledger = 'ledger';

const Kinds = parsed(
  (text): typeof ledger | readonly HistoryKind[] | undefined => {
    if (text === ledger) return ledger;
    const asked = String(text).split(',');
    return asked.every((kind) => historyKinds.some((one) => one === kind)) ? (asked as HistoryKind[]) : undefined;
  },
  quoted(`one or more of ${historyKinds.join(', ')}, separated by commas, or ${ledger} alone`),
).meta({
  type: 'string',
  description: `One or more of ${historyKinds.join(', ')}, separated by commas; without: transition,rolled. ${ledger}: whole chains as they were hashed, as ndjson alone.`,
});

const Subscription = z.guid({ error: quoted("a subscription's id, a GUID") }).transform((id) => id.toLowerCase());

const clusters = {
  subscription: Subscription.optional().describe("A subscription's id."),
  resourceGroup: Name.optional().describe(`A resource group's name. ${anyCharacters}`),
  cluster: ClusterFilter.optional().describe(clusterMeans),
};

const ofLedger: readonly string[] = [...Object.keys(clusters), 'kind', 'format'];

export const HistoryQuery = z
  .strictObject({
    ...clusters,
    nodePool: Name.optional().describe(`A pool's name. ${anyCharacters}`),
    image: Name.optional().describe(
      `A node image version, or a release of any family, that the pool went from or to. ${anyCharacters}`,
    ),
    release: Name.optional().describe(
      `A release, such as 202512.18.0, that the pool went from or to. ${anyCharacters}`,
    ),
    outcome: oneOf(outcomes).optional().describe('How it ended.'),
    cause: oneOf(causes).optional().describe('Why the pool changed.'),
    inWindow: oneOf(['true', 'false', 'unknown'])
      .transform((text) => (text === 'unknown' ? text : text === 'true'))
      .optional()
      .describe('Whether it began in the maintenance window.'),
    kind: Kinds.optional(),
    since: instant(
      'the first moment',
      'The first moment: of rolls by their end, of all else by when it was seen.',
    ).optional(),
    until: instant('the moment after the last', 'The moment after the last.').optional(),
    limit: Limit.optional().describe(
      'How many rows at most. As json: of a page, 100 without; nextLink leads to more. As csv or ndjson: of all, every row without.',
    ),
    format: oneOf(['json', 'csv', 'ndjson'])
      .default('json')
      .describe('The media type of the answer: application/json, text/csv or application/x-ndjson.'),
    cursor: cursorOf(/^\d{15}(\|[^|]+){3}\|\d{15}$/).optional(),
  })
  .superRefine((query, context) => {
    const { since, until, kind, format } = query;
    const refuse = (parameter: string, message: string) =>
      context.addIssue({ code: 'custom', path: [parameter], message });
    if (since && until && Date.parse(since) >= Date.parse(until))
      refuse('until', 'is not after since; give a later moment');
    if (kind !== ledger) return;
    if (format !== 'ndjson') refuse('format', `is ${format}; kind=ledger is given as ndjson alone`);
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    for (const [parameter] of given.filter(([name]) => !ofLedger.includes(name))) {
      refuse(parameter, 'is not for kind=ledger, which gives whole chains; leave it out');
    }
  });

export const VerifyQuery = z.strictObject(clusters);
