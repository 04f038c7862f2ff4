// Each kind of row that the stores keep, and how they read all rows of that kind. Used by goldenRows.test.ts.
import { Temporal } from 'temporal-polyfill';
import type { TableName, Tables } from '../../shared/ports/tables.ts';
import { readEvidence } from '../../shared/stores/evidenceStore.ts';
import { readSubscriptionFacts } from '../../shared/stores/factsStore.ts';
import { listEntries, readChain, readHeads } from '../../shared/stores/ledgerStore.ts';
import { readNotificationRows } from '../../shared/stores/notificationsStore.ts';
import { readPasses } from '../../shared/stores/passStore.ts';
import { listPolicyVersions, readCurrentPolicy } from '../../shared/stores/policyStore.ts';
import { readReport, readTrend } from '../../shared/stores/reportsStore.ts';
import { readSources } from '../../shared/stores/sourcesStore.ts';
import { approvals, holds } from '../../shared/stores/standingStore.ts';
import { readStarts } from '../../shared/stores/starts/startsStore.ts';
import { readDecisions, readPoolViews } from '../../shared/stores/views/decisionsStore.ts';
import * as index from '../../shared/stores/views/historyIndex.ts';
import * as history from '../../shared/stores/views/historyStore.ts';
import { type GoldenRow, listOf } from './goldenRows.ts';

/** What the stores read of a kind in a partition of it; what they say of rows that they can't read is among it. */
type Read = (tables: Tables, partition: string) => Promise<readonly unknown[]>;
/** What of a row the stores answer with; without it its value. */
type Answered = (row: GoldenRow) => unknown;

export type Kind = readonly [
  name: string,
  table: TableName,
  partition: RegExp,
  rowKey: RegExp,
  read: Read,
  answered?: Answered,
];

const later = Temporal.Instant.from('2028-01-01T00:00:00Z');
const page = { limit: 1000 };
const inCluster = /^[0-9a-f-]{36}\|[^|]+\|[^|]+$/;
const inPool = /^[0-9a-f-]{36}(\|[^|]+){3}$/;
const inSubscription = /^[0-9a-f-]{36}$/;
const noRow = async () => undefined;
const isThere = (value: unknown) => value !== undefined;
const rowsIn = async (found: AsyncIterable<{ readonly row: unknown }>) => (await listOf(found)).map(({ row }) => row);

/** Reads by what the name of a partition says behind its first word. */
const behind = (read: (tables: Tables, partition: string) => Promise<readonly unknown[]>): Read => {
  return (tables, partition) => read(tables, partition.slice(partition.indexOf('|') + 1));
};

const readVerdicts: Read = async (tables, partition) => {
  const { verdicts, verdictProblems } = await readSubscriptionFacts(tables, partition);
  return [...[...verdicts.values()].flat(), ...verdictProblems];
};

const readAttempts: Read = async (tables) => {
  const { attempts, unread } = await readStarts(tables);
  return [...attempts.map(({ attempt }) => attempt), ...unread];
};

const readPoolDecisions: Read = async (tables, partition) => {
  const end = partition.lastIndexOf('|');
  const found = await listOf(readDecisions(tables, partition.slice(0, end), partition.slice(end + 1)));
  return found.map(({ decision }) => decision);
};

const readMonth: Read = (tables, partition) => {
  const [subscription = '', month = ''] = partition.split('|');
  return rowsIn(history.readMonthHistory(tables, subscription, month, undefined, noRow));
};

const readMarks: Read = async (tables, partition) => {
  const { marks, unreadable } = await readNotificationRows(tables, partition);
  return [...marks.values(), ...unreadable];
};

const readDue: Read = async (...of) => (await readNotificationRows(...of)).due.flatMap((one) => one.notifications);
const dueIn: Answered = ({ value }) => (value as { readonly notification: unknown }).notification;

const pointOf: Answered = ({ value }) => (value as { readonly point: unknown }).point;
/** Each golden report is of one part. */
const reportIn: Answered = ({ value }) => JSON.parse(Buffer.from(value as string, 'base64').toString()) as unknown;

const readBudgets: Kind[4] = async (...of) =>
  [...(await readSubscriptionFacts(...of)).budgets.values()].map((read) => ('value' in read ? read.value : undefined));

export const kinds: readonly Kind[] = [
  ['chain head', 'Ledger', inCluster, /^head$/, async (...of) => [await readChain(...of)]],
  ['pool head', 'Ledger', inCluster, /^head\|/, async (...of) => (await readHeads(...of)).pools],
  ['entry', 'Ledger', inCluster, /^log\|/, (...of) => listEntries(...of)],
  ['attempt', 'Starts', /^starts$/, /^cluster\|/, readAttempts],
  [
    'facts',
    'Facts',
    inSubscription,
    /^facts\|/,
    async (...of) => [...(await readSubscriptionFacts(...of)).facts.values()],
  ],
  ['verdict', 'Facts', inSubscription, /^verdict\|/, readVerdicts],
  ['budget', 'Facts', inSubscription, /^budget/, readBudgets],
  ['pass', 'Facts', /^passes$/, /./, readPasses],
  ['decision', 'Decisions', inPool, /^\d+$/, readPoolDecisions],
  ['cursor', 'Views', /^history\|/, /^cursor$/, behind(async (...of) => [await history.readCursor(...of)])],
  [
    'row of a cluster',
    'Views',
    /^history\|[^|]+\|[^|]+\|/,
    /^\d/,
    behind((...of) => rowsIn(history.readClusterHistory(...of, undefined, noRow))),
  ],
  ['row of a month', 'Views', /^history\|[^|]+\|\d{4}-\d{2}$/, /^\d/, behind(readMonth)],
  ['month', 'Views', /^months\|/, /./, behind(index.readMonths), ({ rowKey }) => rowKey],
  ['known pool', 'Views', /^known\|/, /./, behind((...of) => index.readKnownPools(...of, true))],
  ['pool', 'Views', /^pools\|/, /./, behind(readPoolViews)],
  ['policy in force', 'Policy', /^policy$/, /^current$/, async (tables) => [(await readCurrentPolicy(tables))?.stored]],
  ['version', 'Policy', /^policy$/, /^version\|/, async (tables) => (await listPolicyVersions(tables, page)).values],
  ['hold', 'Policy', /^holds$/, /^active\|/, async (tables) => (await holds.readAll(tables)).standing],
  ['lifted hold', 'Policy', /^holds$/, /^lifted\|/, async (tables) => (await holds.listEnded(tables, page)).values],
  ['approval', 'Policy', /^approvals$/, /^active\|/, async (tables) => (await approvals.readAll(tables)).standing],
  [
    'revoked',
    'Policy',
    /^approvals$/,
    /^revoked\|/,
    async (tables) => (await approvals.listEnded(tables, page)).values,
  ],
  ['evidence', 'Evidence', inCluster, /^\d/, readEvidence],
  [
    'source',
    'Evidence',
    /^sources$/,
    /./,
    async (tables) => Object.values(await readSources(tables, later)).filter(isThere),
  ],
  [
    'told',
    'Notifications',
    inSubscription,
    /^told\|/,
    async (...of) => [...(await readNotificationRows(...of)).cursors.values()],
  ],
  ['due', 'Notifications', inSubscription, /^attempt\|due\|/, readDue, dueIn],
  ['mark', 'Notifications', /./, /^(?!told\||attempt\|due\|)/, readMarks],
  ['week', 'Reports', /^weeks$/, /./, readTrend, pointOf],
  ['report', 'Reports', /^\d{4}-W\d{2}$/, /\|00000$/, async (...of) => [await readReport(...of)], reportIn],
];
