// What is stored at the end of a run, for the checker. Used by run.ts.
import type { Tables } from '../../../shared/ports/tables.ts';
import type { Ledger, RunRecord } from './record.ts';

export async function collect(
  tables: Tables,
  clusterKeys: readonly string[],
): Promise<Pick<RunRecord, 'ledgers' | 'startsLeft' | 'poolViews'>> {
  const all = async (table: Parameters<Tables['query']>[0], partition: string) => {
    const rows: { readonly rowKey: string; readonly value: unknown }[] = [];
    for await (const row of tables.query(table, partition)) rows.push(row);
    return rows;
  };
  const subscription = clusterKeys[0]?.split('|')[0] ?? '';
  const months = await all('Views', `months|${subscription}`);
  const monthRows = (
    await Promise.all(months.map(({ rowKey }) => all('Views', `history|${subscription}|${rowKey}`)))
  ).flat();
  const ledgers = new Map<string, Ledger>();
  for (const key of clusterKeys) {
    const rows = await all('Ledger', key);
    const view = await all('Views', `history|${key}`);
    const ofCluster = (value: unknown) => keyOfRow(value) === key;
    ledgers.set(key, {
      entries: rows
        .filter(({ rowKey }) => rowKey.startsWith('log|'))
        .map(({ value }) => value as Ledger['entries'][number])
        .toReversed(),
      chain: rows.find(({ rowKey }) => rowKey === 'head')?.value as Ledger['chain'],
      pools: rows
        .filter(({ rowKey }) => rowKey.startsWith('head|'))
        .map(({ value }) => value as Ledger['pools'][number]),
      clusterView: view.filter(({ rowKey }) => rowKey !== 'cursor').map(({ value }) => value),
      monthView: monthRows.map(({ value }) => value).filter(ofCluster),
    });
  }
  return {
    ledgers,
    startsLeft: (await all('Starts', 'starts')).map(({ rowKey }) => rowKey),
    poolViews: (await all('Views', `pools|${subscription}`)).map(
      ({ value }) => value as RunRecord['poolViews'][number],
    ),
  };
}

function keyOfRow(row: unknown): string {
  const { cluster } = row as { readonly cluster: string };
  const [, , subscription, , group, , , , name] = cluster.split('/');
  return `${subscription}|${group}|${name}`.toLowerCase();
}
