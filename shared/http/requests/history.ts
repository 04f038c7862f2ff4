// What GET /api/history and GET /api/history/verify take. Called by the table of operations.
import { z } from 'zod';
import { type HistoryKind, historyKinds } from '../../domain/ledger/historyFilter.ts';
import { causes, outcomes } from '../../domain/ledger/ledger.ts';
import { ClusterFilter, cursorOf, instant, Limit, Name, parsed, quoted } from './values.ts';

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
);

const Subscription = z.guid({ error: quoted("a subscription's id, a GUID") }).transform((id) => id.toLowerCase());

const clusters = {
  subscription: Subscription.optional(),
  resourceGroup: Name.optional(),
  cluster: ClusterFilter.optional(),
};

const ofLedger: readonly string[] = [...Object.keys(clusters), 'kind', 'format'];

export const HistoryQuery = z
  .strictObject({
    ...clusters,
    nodePool: Name.optional(),
    image: Name.optional(),
    release: Name.optional(),
    outcome: oneOf(outcomes).optional(),
    cause: oneOf(causes).optional(),
    inWindow: oneOf(['true', 'false', 'unknown'])
      .transform((text) => (text === 'unknown' ? text : text === 'true'))
      .optional(),
    kind: Kinds.optional(),
    since: instant('the first moment').optional(),
    until: instant('the moment after the last').optional(),
    limit: Limit.optional(),
    format: oneOf(['json', 'csv', 'ndjson']).default('json'),
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
