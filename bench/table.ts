// The ratios that the benches measured, as one table: printed, and kept in docs/benchmarks.md with the machine. Called by main.
import os from 'node:os';

export type Row = {
  readonly what: string;
  readonly against: string;
  readonly ratio: number;
  readonly mustReach: number;
  /** `atMost`: `what` takes so many times as long as `against` and no more. `atLeast`: `against` takes so many times as long. */
  readonly direction: 'atMost' | 'atLeast';
};

const heading = ['What', 'Against', 'Ratio', 'Must reach', 'Met'];

/** In Markdown, padded so that it reads as well in a terminal. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [heading, ...rows.map(cellsOf)];
  const widths = heading.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lineOf = (line: readonly string[]) => `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = lineOf(widths.map((width) => '-'.repeat(width)));
  const [first = '', ...others] = cells.map(lineOf);
  return [first, rule, ...others].join('\n');
}

function cellsOf({ what, against, ratio, mustReach, direction }: Row): readonly string[] {
  const isMet = direction === 'atMost' ? ratio <= mustReach : ratio >= mustReach;
  const limit = `${direction === 'atMost' ? '≤' : '≥'} ${mustReach} ×`;
  return [what, against, `${ratio.toFixed(ratio < 10 ? 1 : 0)} ×`, limit, isMet ? 'yes' : 'no'];
}

/** The whole of docs/benchmarks.md. @param at when the benches began */
export function documentOf(rows: readonly Row[], at: Date): string {
  return `# Benchmarks

\`npm run bench\` writes this file. Each ratio is the median of rounds in which both sides run one after the other, in one process (loading in processes of its own): bare times say more about the machine than about the code. Where at most is asked for (≤), the ratio is how many times as long we take as what we are held against; where at least is asked for (≥), how many times as long that takes as we do.

- Measured on ${at.toISOString().slice(0, 10)}, on ${machine()}.

${tableOf(rows)}
`;
}

function machine(): string {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 1024 ** 3);
  const cores = `${cpus.length} ${cpus.length === 1 ? 'core' : 'cores'}`;
  const model = cpus[0]?.model.trim() || 'unknown processor';
  return `${cores} of ${model}, ${memory} GB of memory, Node ${process.version}, ${os.type()} ${os.release()} ${os.arch()}`;
}
