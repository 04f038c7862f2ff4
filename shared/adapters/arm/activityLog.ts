// The Activity Log of a subscription: who asked ARM for what (AKS-FACTS section 6). Used by arm.ts.
import { z } from 'zod';
import type { Activity } from '../../domain/evidence/activity.ts';
import { isObject } from '../../domain/text/anyValue.ts';
import { jsonIn } from '../../domain/text/jsonIn.ts';
import type { Arm } from '../../ports/arm.ts';
import { actorOf } from '../eventGrid/actorOf.ts';
import { fieldOf, instantOf, textOf } from '../eventGrid/looseJson.ts';
import { allPages, listTimeOut } from './allPages.ts';
import { type ArmOptions, createArmClients, sendGet } from './armClient.ts';
import { httpError, read, unexpected } from './armErrors.ts';

const version = 'api-version=2015-04-01';
/** What is not asked for is some kilobytes a record. */
const fields = 'authorization,caller,claims,correlationId,eventTimestamp,operationName,resourceId,status';
/** A log that is longer is not read to its end, and so says nothing of what is not in it. */
const maxPages = 50;

const Page = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });

export function createActivityLog(options: ArmOptions): Arm['listActivities'] {
  const clientFor = createArmClients(options);
  return (subscription, from, to) => {
    const filter = `eventTimestamp ge '${from.toString()}' and eventTimestamp le '${to.toString()}' and resourceProvider eq 'Microsoft.ContainerService'`;
    const query = `${version}&$filter=${encodeURIComponent(filter)}&$select=${encodeURIComponent(fields)}`;
    const first = `${options.endpoint}/subscriptions/${subscription}/providers/Microsoft.Insights/eventtypes/management/values?${query}`;
    let pages = 0;
    const readPage = async (next: string) => {
      pages += 1;
      if (pages > maxPages) throw tooLong();
      const response = await sendGet(options, await clientFor(''), next || first);
      if (response.status !== 200) throw httpError(response);
      const page = Page.safeParse(jsonIn(response.bodyAsText));
      if (!page.success) throw unexpected(z.prettifyError(page.error));
      return { items: page.data.value, next: page.data.nextLink };
    };
    return read(`read the Activity Log of subscription ${subscription}`, async () =>
      (await allPages(readPage, listTimeOut())).flatMap((record) => toActivity(record) ?? []),
    );
  };
}

function tooLong(): Error {
  return Object.assign(new Error(`it has more than ${maxPages} pages`), { code: 'UnfinishedList' });
}

const statuses: Readonly<Record<string, Activity['status']>> = {
  started: 'started',
  accepted: 'accepted',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
  cancelled: 'canceled',
};

const resourcePattern =
  /^(?<cluster>\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerService\/managedClusters\/[^/]+)(?:\/agentPools\/(?<nodePool>[^/]+))?/i;

/** Undefined for what is of no cluster, or can't be read: it confirms nothing. */
function toActivity(record: unknown): Activity | undefined {
  if (!isObject(record)) return undefined;
  const resource = textOf(record['resourceId']) ?? textOf(fieldOf(record['authorization'], 'scope')) ?? '';
  const { cluster, nodePool } = resourcePattern.exec(resource)?.groups ?? {};
  const operation = wordIn(record['operationName']) ?? textOf(fieldOf(record['authorization'], 'action'));
  const status = statuses[wordIn(record['status'])?.toLowerCase() ?? ''];
  const at = instantOf(record['eventTimestamp']);
  const correlationId = textOf(record['correlationId']);
  if (!cluster || !operation || !status || !at || !correlationId) return undefined;
  return { cluster, nodePool, operation, status, at, correlationId, actor: actorOf(record) };
}

/** A localizable string of Azure Monitor, or its value alone. */
function wordIn(text: unknown): string | undefined {
  return textOf(fieldOf(text, 'value')) ?? textOf(text);
}
