// What the port Tables promises, as one suite: every implementation passes it. Called by memoryTables.test and azureTables.test.
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  RefusedWrite,
  type Row,
  type RowChange,
  type RowRange,
  rowVersion,
  type Tables,
} from '../../../shared/ports/tables.ts';

const table = 'Facts';

/** All rows of a query. */
export async function collect(query: AsyncIterable<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of query) rows.push(row);
  return rows;
}

/** Every test has a partition of its own, so that the tables may be shared and need not be empty. */
export function describeTables(name: string, create: () => Tables): void {
  describe(name, () => {
    let tables: Tables;
    let partition: string;
    beforeEach(() => {
      tables = create();
      partition = randomUUID();
    });

    const write = (...changes: readonly RowChange[]) => tables.write(table, partition, changes);
    const insert = (rowKey: string, value: unknown = rowKey): RowChange => ({ kind: 'insert', rowKey, value });
    const rows = (range?: RowRange): Promise<Row[]> => collect(tables.query(table, partition, range));
    const keys = async (range?: RowRange): Promise<string[]> => (await rows(range)).map((row) => row.rowKey);
    const valueAt = async (rowKey: string): Promise<unknown> => (await tables.get(table, partition, rowKey))?.value;
    const etagAt = async (rowKey: string): Promise<string> => (await tables.get(table, partition, rowKey))?.etag ?? '';
    /** An ETag that row `rowKey` had, and has no more. */
    const staleEtagOf = async (rowKey: string): Promise<string> => {
      const etag = await etagAt(rowKey);
      await write({ kind: 'upsert', rowKey, value: 'changed' });
      return etag;
    };

    describe('one change', () => {
      it('reads nothing where nothing was written', async () => {
        expect(await tables.get(table, partition, 'row')).toBeUndefined();
        expect(await rows()).toEqual([]);
      });

      it('inserts a row and reads it back', async () => {
        expect(await write(insert('row', { a: 1 }))).toBe('written');
        expect(await tables.get(table, partition, 'row')).toEqual({
          partitionKey: partition,
          rowKey: 'row',
          etag: expect.stringMatching(/^W\/".+"$/),
          value: { a: 1 },
          version: rowVersion,
        });
        expect(await rows()).toEqual([await tables.get(table, partition, 'row')]);
      });

      it('inserts no row that is there', async () => {
        await write(insert('row', 'first'));
        expect(await write(insert('row', 'second'))).toBe('conflict');
        expect(await valueAt('row')).toBe('first');
      });

      it('replaces a row by its ETag, which then is another', async () => {
        await write(insert('row'));
        const etag = await etagAt('row');
        expect(await write({ kind: 'replace', rowKey: 'row', value: 'new', etag })).toBe('written');
        expect(await valueAt('row')).toBe('new');
        expect(await etagAt('row')).not.toBe(etag);
      });

      it('has another ETag after a write of the same value', async () => {
        await write(insert('row', 'same'));
        const etag = await etagAt('row');
        await write({ kind: 'upsert', rowKey: 'row', value: 'same' });
        expect(await etagAt('row')).not.toBe(etag);
      });

      it.each(['replace', 'delete'] as const)('refuses to %s by an ETag that is stale', async (kind) => {
        await write(insert('row'));
        const etag = await staleEtagOf('row');
        expect(await write({ kind, rowKey: 'row', value: 'lost', etag })).toBe('conflict');
        expect(await valueAt('row')).toBe('changed');
      });

      it.each(['replace', 'delete'] as const)('refuses to %s a row that is not there', async (kind) => {
        await write(insert('other'));
        expect(await write({ kind, rowKey: 'row', value: 'lost', etag: await etagAt('other') })).toBe('conflict');
        expect(await keys()).toEqual(['other']);
      });

      it('deletes a row by its ETag, and inserts it again', async () => {
        await write(insert('row', 'first'));
        expect(await write({ kind: 'delete', rowKey: 'row', etag: await etagAt('row') })).toBe('written');
        expect(await valueAt('row')).toBeUndefined();
        expect(await rows()).toEqual([]);
        expect(await write(insert('row', 'second'))).toBe('written');
        expect(await valueAt('row')).toBe('second');
      });

      it('upserts whether a row is there or not, and leaves nothing of the old value', async () => {
        expect(await write({ kind: 'upsert', rowKey: 'row', value: { a: 1, b: 2 } })).toBe('written');
        expect(await write({ kind: 'upsert', rowKey: 'row', value: { a: 3 } })).toBe('written');
        expect(await valueAt('row')).toEqual({ a: 3 });
      });

      it('keeps tables and partitions apart', async () => {
        await write(insert('row', 'here'));
        expect(await tables.write(table, `${partition}0`, [insert('row', 'there')])).toBe('written');
        expect(await tables.write('Views', partition, [insert('row', 'elsewhere')])).toBe('written');
        expect(await rows()).toMatchObject([{ value: 'here' }]);
      });
    });

    describe('a transaction', () => {
      it('writes every kind of change', async () => {
        await write(insert('replaced'), insert('deleted'));
        const changes: readonly RowChange[] = [
          insert('inserted'),
          { kind: 'replace', rowKey: 'replaced', value: 'new', etag: await etagAt('replaced') },
          { kind: 'delete', rowKey: 'deleted', etag: await etagAt('deleted') },
          { kind: 'upsert', rowKey: 'upserted', value: 'new' },
        ];
        expect(await write(...changes)).toBe('written');
        expect((await rows()).map((row) => [row.rowKey, row.value])).toEqual([
          ['inserted', 'inserted'],
          ['replaced', 'new'],
          ['upserted', 'new'],
        ]);
      });

      it.each<[string, (etag: string) => RowChange]>([
        ['an insert of a row that is there', () => insert('there', 'lost')],
        ['a replace by a stale ETag', (etag) => ({ kind: 'replace', rowKey: 'there', value: 'lost', etag })],
        // The SDK's own submitTransaction sends a delete without its ETag.
        ['a delete by a stale ETag', (etag) => ({ kind: 'delete', rowKey: 'there', etag })],
        [
          'a replace of a row that is not there',
          (etag) => ({ kind: 'replace', rowKey: 'absent', value: 'lost', etag }),
        ],
        ['a delete of a row that is not there', (etag) => ({ kind: 'delete', rowKey: 'absent', etag })],
      ])('writes nothing when it holds %s', async (_, failing) => {
        await write(insert('replaced'), insert('deleted'), insert('upserted'), insert('there'));
        const stale = await staleEtagOf('there');
        const before = await rows();
        const changes: readonly RowChange[] = [
          insert('inserted'),
          { kind: 'replace', rowKey: 'replaced', value: 'lost', etag: await etagAt('replaced') },
          { kind: 'delete', rowKey: 'deleted', etag: await etagAt('deleted') },
          { kind: 'upsert', rowKey: 'upserted', value: 'lost' },
        ];
        expect(await write(...changes, failing(stale))).toBe('conflict');
        expect(await write(failing(stale), ...changes)).toBe('conflict');
        expect(await rows()).toEqual(before);
      });

      it('writes 100 changes at once', async () => {
        expect(await write(...Array.from({ length: 100 }, (_, i) => insert(`row${i}`)))).toBe('written');
        expect(await rows()).toHaveLength(100);
      });

      it('without changes writes nothing', async () => {
        expect(await write()).toBe('written');
        expect(await rows()).toEqual([]);
      });
    });

    describe('two writers', () => {
      it('let one of many inserts of a row through', async () => {
        const writers = Array.from({ length: 20 }, (_, i) => i);
        const answers = await Promise.all(writers.map((i) => write(insert('row', i))));
        expect(answers.filter((answer) => answer === 'written')).toHaveLength(1);
        expect(await valueAt('row')).toBe(answers.indexOf('written'));
      });

      it('let one of many replaces by the same ETag through', async () => {
        await write(insert('row'));
        const etag = await etagAt('row');
        const writers = Array.from({ length: 20 }, (_, i) => i);
        const answers = await Promise.all(
          writers.map((i) => write({ kind: 'replace', rowKey: 'row', value: i, etag }, insert(`of writer ${i}`))),
        );
        expect(answers.filter((answer) => answer === 'written')).toHaveLength(1);
        const winner = answers.indexOf('written');
        expect(await valueAt('row')).toBe(winner);
        expect(await keys()).toEqual([`of writer ${winner}`, 'row']);
      });

      it('lose no increment when each reads again after a conflict', async () => {
        await write(insert('counter', 0));
        const increment = async (): Promise<void> => {
          for (;;) {
            const row = await tables.get(table, partition, 'counter');
            const change: RowChange = {
              kind: 'replace',
              rowKey: 'counter',
              value: Number(row?.value) + 1,
              etag: row?.etag ?? '',
            };
            if ((await write(change)) === 'written') return;
          }
        };
        await Promise.all(Array.from({ length: 8 }, increment));
        expect(await valueAt('counter')).toBe(8);
      });
    });

    describe('a query', () => {
      // Ordinal by UTF-16 code unit: digits, capitals, small letters; and a surrogate pair before U+FFxx, which a code point order has after it.
      const ordered = ['0', '00', '1', '10', '2', 'A', 'Z', '_', 'a', 'aa', 'b', 'é', '한', '😀', 'ａ'];

      it('gives rows in key order, whatever order they were written in', async () => {
        await write(...ordered.toReversed().map((key) => insert(key)));
        await write({ kind: 'delete', rowKey: 'aa', etag: await etagAt('aa') });
        expect(await keys()).toEqual(ordered.filter((key) => key !== 'aa'));
      });

      it.each<[RowRange, readonly string[]]>([
        [{}, ['a', 'a1', 'a2', "b'", 'c']],
        [{ from: 'a1' }, ['a1', 'a2', "b'", 'c']],
        [{ to: 'a2' }, ['a', 'a1']],
        [{ from: 'a1', to: 'c' }, ['a1', 'a2', "b'"]],
        [{ from: 'a', to: 'a\uffff' }, ['a', 'a1', 'a2']],
        [{ from: "b'", to: "b''" }, ["b'"]],
        [{ from: 'c', to: 'a' }, []],
        [{ from: 'a1', to: 'a1' }, []],
        [{ from: 'd' }, []],
      ])('in the range %j gives %j', async (range, expected) => {
        await write(...['a', 'a1', 'a2', "b'", 'c'].map((key) => insert(key)));
        expect(await keys(range)).toEqual(expected);
      });

      it('of keys gives them without their values', async () => {
        await write(insert('a', { large: 'x' }), insert('b'));
        const found = (await rows({ keysOnly: true })).map(({ rowKey, value }) => [rowKey, value]);
        expect(found).toEqual([
          ['a', undefined],
          ['b', undefined],
        ]);
      });

      it('goes over pages of 1,000 rows, and stops when its reader does', async () => {
        const count = 2_050;
        const all = Array.from({ length: count }, (_, i) => `row${String(i).padStart(5, '0')}`);
        for (let start = 0; start < count; start += 100) {
          await write(...all.slice(start, start + 100).map((key) => insert(key)));
        }
        expect(await keys()).toEqual(all);
        expect(await keys({ from: 'row00500', to: 'row01700' })).toEqual(all.slice(500, 1700));
        for (const pageSize of [1, 700, 1001, 2_050, 5_000]) {
          const range = { from: pageSize === 1 ? 'row02040' : 'row00001', pageSize };
          expect(await keys(range)).toEqual(all.slice(pageSize === 1 ? 2_040 : 1));
        }
        for await (const row of tables.query(table, partition)) {
          expect(row.rowKey).toBe('row00000');
          break;
        }
      });
    });

    describe('a value', () => {
      it.each<[string, unknown]>([
        ['text', 'text'],
        ['an empty text', ''],
        ['a number', -1.5e-7],
        ['true', true],
        ['null', null],
        ['an empty object', {}],
        ['an empty list', []],
        ['nested', { a: [{ b: null, c: [[], {}] }], '': { 'odata.etag': 'x' } }],
        ['what looks like a date', { at: '2026-11-21T00:00:00.0000000Z' }],
        ['scripts and emoji', 'é ß 한국어 עברית 👩‍🚀'],
        ['quotes, slashes and line ends', '\'"\\/\r\n\t\u0000\u007f\u2028\u2029'],
        ['half a surrogate pair', '\ud800'],
        ['what looks like HTTP', '--changeset_x\r\nHTTP/1.1 404 Not Found\r\n\r\n{"code":"x"} http://x'],
      ])('comes back as it was: %s', async (_, value) => {
        expect(await write(insert('row', value))).toBe('written');
        expect(await valueAt('row')).toEqual(value);
      });

      it('is stored as JSON: undefined members go', async () => {
        await write(insert('row', { a: undefined, b: 1 }));
        expect(await valueAt('row')).toStrictEqual({ b: 1 });
      });

      it('is not shared with its writer or between its readers', async () => {
        const value = { list: [1] };
        await write(insert('row', value));
        value.list.push(2);
        const read = await valueAt('row');
        expect(read).toEqual({ list: [1] });
        expect(await valueAt('row')).not.toBe(read);
      });

      it('may take a million characters of JSON and no more', async () => {
        const quotes = 2;
        const most = 'é'.repeat(1024 * 1024 - quotes);
        for (const length of [32 * 1024 - quotes, 32 * 1024, most.length]) {
          const value = most.slice(0, length);
          expect(await write({ kind: 'upsert', rowKey: 'row', value })).toBe('written');
          expect(await valueAt('row')).toBe(value);
        }
        await expect(write(insert('row2', `${most}é`))).rejects.toBeInstanceOf(RefusedWrite);
        await expect(write(insert('row2', `${most}é`))).rejects.toThrow(
          `Table Facts, partition "${partition}", row "row2": the value takes 1048577 characters of JSON`,
        );
      });

      it.each<[string, unknown]>([
        [
          'a long list far down',
          { a: { b: { list: Array.from({ length: 3000 }, (_, i) => ({ day: `day ${i}` })) } }, c: 1 },
        ],
        ['two long texts', { a: 'x'.repeat(40_000), b: { c: 'y'.repeat(60_000) } }],
        ['many short ones', Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`name${i}`, i]))],
        [
          'what looks like a part elsewhere',
          { value: null, parts: [{ path: ['value'], sha256: '0' }], x: 'x'.repeat(40_000) },
        ],
        ['a key that is a prototype', JSON.parse(`{"__proto__": {"a": "${'x'.repeat(40_000)}"}}`)],
        ['a key of 40,000 characters', { ['k'.repeat(40_000)]: { a: 'x'.repeat(40_000) } }],
        ['null, and a text', [null, 'x'.repeat(40_000), null]],
        ['lists in lists', Array.from({ length: 200 }, () => Array.from({ length: 100 }, () => [[]]))],
      ])('comes back whole: %s', async (_what, value) => {
        expect(await write(insert('large', value), insert('small'))).toBe('written');
        const row = await tables.get(table, partition, 'large');
        expect(row).toEqual({ partitionKey: partition, rowKey: 'large', etag: row?.etag, value, version: rowVersion });
        expect(JSON.stringify(row?.value)).toBe(JSON.stringify(value));
        expect((await rows()).map((one) => one.value)).toEqual([value, 'small']);
        expect(await write({ kind: 'replace', rowKey: 'large', value: 'now small', etag: row?.etag ?? '' })).toBe(
          'written',
        );
        expect(await valueAt('large')).toBe('now small');
      });

      it('is not undefined', async () => {
        await expect(write(insert('row', () => 1))).rejects.toThrow('is not JSON');
      });
    });

    describe('a key', () => {
      it.each([
        "it's ''quoted''",
        '100%25 + a&b=c',
        'a|b:c@d;e,f(g)[h]{i}"j"<k>~!$^*`',
        ' spaced ',
        'é한😀',
        'x'.repeat(512),
      ])('may be %j', async (key) => {
        const change: RowChange = insert(key);
        expect(await tables.write(table, partition, [change])).toBe('written');
        expect(await tables.write(table, partition, [change])).toBe('conflict');
        expect(await valueAt(key)).toBe(key);
        expect(await keys({ from: key })).toEqual([key]);
        expect(await write({ kind: 'replace', rowKey: key, value: 'new', etag: await etagAt(key) })).toBe('written');
        expect(await write({ kind: 'delete', rowKey: key, etag: await etagAt(key) })).toBe('written');
        expect(await keys()).toEqual([]);
      });

      it('may be the same for partition and row', async () => {
        const key = `${partition} it's 100%25 + é`;
        expect(await tables.write(table, key, [insert(key)])).toBe('written');
        expect((await tables.get(table, key, key))?.partitionKey).toBe(key);
        expect(await collect(tables.query(table, key))).toHaveLength(1);
      });

      it.each(['', 'a/b', 'a\\b', 'a#b', 'a?b', 'a\u0000', 'a\n', 'a\u007f', 'a\u0085', '\ud800', 'x'.repeat(513)])(
        'is refused: %j',
        async (key) => {
          await expect(write(insert(key))).rejects.toThrow(/^Table Facts: (a|the) key/);
          await expect(tables.write(table, key, [insert('row')])).rejects.toThrow(/^Table Facts: (a|the) key/);
          await expect(tables.get(table, partition, key)).rejects.toThrow(/^Table Facts: (a|the) key/);
          await expect(tables.get(table, key, 'row')).rejects.toThrow(/^Table Facts: (a|the) key/);
          await expect(collect(tables.query(table, key))).rejects.toThrow(/^Table Facts: (a|the) key/);
        },
      );
    });

    describe('a write is refused', () => {
      it('with more than 100 changes', async () => {
        const changes = Array.from({ length: 101 }, (_, i) => insert(`row${i}`));
        await expect(write(...changes)).rejects.toThrow('101 changes are more than the 100 of a transaction');
        expect(await rows()).toEqual([]);
      });

      it('with two changes of one row', async () => {
        await expect(write(insert('row'), { kind: 'upsert', rowKey: 'row', value: 1 })).rejects.toThrow(
          'a transaction takes one change a row',
        );
      });

      it('with more than 4 MiB', async () => {
        const changes = Array.from({ length: 100 }, (_, i) => insert(`row${i}`, '"'.repeat(16_000)));
        await expect(write(...changes)).rejects.toThrow('more than the 4 MiB of a transaction');
      });

      it.each(['', '*', 'W/"1"\r\nX: y'])('with %j in the place of an ETag', async (etag) => {
        await write(insert('row'));
        await expect(write({ kind: 'delete', rowKey: 'row', etag })).rejects.toThrow('is not the ETag of a row');
        expect(await keys()).toEqual(['row']);
      });
    });
  });
}
