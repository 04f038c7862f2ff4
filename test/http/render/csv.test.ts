import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine } from '../../../shared/http/render/csv.ts';

describe('a record of CSV', () => {
  it.each<[Parameters<typeof csvLine>[0], string]>([
    [['a', 'b'], 'a,b'],
    [['', undefined, 'b'], ',,b'],
    [[1, -1, true, false], '1,-1,true,false'],
    [['a,b'], '"a,b"'],
    [['say "hi"'], '"say ""hi"""'],
    [['two\r\nlines', 'two\nlines'], '"two\r\nlines","two\nlines"'],
    [[' kept ', 'é한😀'], ' kept ,é한😀'],
    [['=1+1'], "'=1+1"],
    [['+1', '-1', '@SUM(A1)'], "'+1,'-1,'@SUM(A1)"],
    [['\t=1', '\r=1', '\n=1'], `'\t=1,"'\r=1","'\n=1"`],
    [['=HYPERLINK("http://x","y")'], `"'=HYPERLINK(""http://x"",""y"")"`],
    [['a=1', 'a-b', 'a@b'], 'a=1,a-b,a@b'],
  ])('%j is %j', (cells, expected) => {
    expect(csvLine(cells)).toBe(`${expected}\r\n`);
  });

  /** RFC 4180 read by the letter. */
  function parse(text: string): string[] {
    const cells: string[] = [];
    for (let rest = text.slice(0, -2), more = true; more; ) {
      const quoted = /^"((?:[^"]|"")*)"(,|$)/.exec(rest);
      const plain = /^([^",\r\n]*)(,|$)/.exec(rest);
      const [whole = '', cell = '', end = ''] = quoted ?? plain ?? [];
      cells.push(quoted ? cell.replaceAll('""', '"') : cell);
      rest = rest.slice(whole.length);
      more = end === ',';
    }
    return cells;
  }

  it('reads back as it was, but for the quote before what could be a formula', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', ',', '"', '\r', '\n', '\t', '=', '+', '-', '@', "'", 'é', '😀'),
    });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (cells) => {
        const read = parse(csvLine(cells));
        expect(read).toEqual(cells.map((cell) => (/^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell)));
        for (const cell of read) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
      }),
    );
  });
});
