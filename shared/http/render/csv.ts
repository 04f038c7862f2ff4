// Comma-separated values (RFC 4180) that are safe to open in a spreadsheet. Called by the renderers of history and report.

type Cell = string | number | boolean | undefined;
export type Cells = Readonly<Record<string, Cell>>;

export const csvHeaders = (filename: string) => ({
  'content-type': 'text/csv; charset=utf-8; header=present',
  'content-disposition': `attachment; filename="${filename}"`,
});

// What a spreadsheet takes for the beginning of a formula: https://owasp.org/www-community/attacks/CSV_Injection
const formula = /^[=+\-@\t\r\n]/;

/** A record with its line end. Puts a single quote before a text that a spreadsheet could take for a formula. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (typeof cell !== 'string') return cell === undefined ? '' : String(cell);
  const safe = formula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
