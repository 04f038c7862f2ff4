// A full-screen terminal: draws lines in place, and gives the terminal back as it was. Called by openView.ts.
import type { ReadStream, WriteStream } from 'node:tty';
import type { Size } from './renderView.ts';

const csi = '\u001b[';
// The other screen, which leaves the shell's as it is; no cursor; no wrapping at the edge.
const enter = `${csi}?1049h${csi}?25l${csi}?7l`;
const leave = `${csi}?7h${csi}?25h${csi}?1049l`;
// Terminals that know them show what lies between at once; others ignore them.
const together = [`${csi}?2026h`, `${csi}?2026l`] as const;

/** Redraws all rows this often, in case something else wrote over the screen. */
const drawAllEvery = 20;

type Terminal = { readonly stdin: ReadStream; readonly stdout: WriteStream };

/** `draw` writes only what differs from what is shown. @param onResize is called when all has to be drawn again */
export function openScreen(
  terminal: Terminal,
  { quit, onResize }: { readonly quit: () => void; readonly onResize: () => void },
) {
  const { stdin, stdout } = terminal;
  let shown: readonly string[] = [];
  let drawings = 0;
  const redraw = () => {
    shown = [];
    onResize();
  };
  const take = takeTerminal(terminal);
  const onKeys = (keys: Buffer) => {
    for (const key of keys.toString()) {
      if (key === 'q' || key === '\u0003') quit();
      if (key === '\u001a') suspend(take, redraw);
    }
  };
  take.open();
  if (stdin.isTTY) stdin.on('data', onKeys);
  stdout.on('resize', redraw);
  return {
    size: (): Size => ({ columns: stdout.columns, rows: stdout.rows }),
    draw: (lines: readonly string[]): void => {
      if (!take.isOpen()) return;
      drawings += 1;
      const changes = changedRows(lines, shown, drawings % drawAllEvery === 0);
      shown = lines;
      if (changes !== '') stdout.write(together.join(changes));
    },
    close: () => {
      stdin.off('data', onKeys);
      stdout.off('resize', redraw);
      take.close();
    },
  };
}

/** A row is cleared before it is written: after a full one, the cursor stands on its last character. */
function changedRows(lines: readonly string[], shown: readonly string[], all: boolean): string {
  const changes = lines.map((line, index) =>
    all || line !== shown[index] ? `${csi}${index + 1};1H${csi}K${line}` : '',
  );
  const rest = lines.length < shown.length || shown.length === 0 ? `${csi}${lines.length + 1};1H${csi}J` : '';
  return changes.join('') + rest;
}

function takeTerminal({ stdin, stdout }: Terminal) {
  let isOpen = false;
  const open = () => {
    isOpen = true;
    stdout.write(enter);
    // Without this, what is typed would be echoed over the screen.
    if (stdin.isTTY) stdin.setRawMode(true).resume();
    process.once('exit', close);
    // Before Node prints an error that nobody caught: on the other screen it would be lost.
    process.once('uncaughtExceptionMonitor', close);
  };
  const close = () => {
    process.off('exit', close);
    process.off('uncaughtExceptionMonitor', close);
    if (!isOpen) return;
    isOpen = false;
    stdout.write(leave);
    if (stdin.isTTY) stdin.setRawMode(false).pause();
  };
  return { open, close, isOpen: () => isOpen };
}

function suspend(terminal: { readonly open: () => void; readonly close: () => void }, redraw: () => void): void {
  terminal.close();
  process.once('SIGCONT', () => {
    terminal.open();
    redraw();
  });
  // The whole group, as the terminal would: npm, which started us, has to stop for the shell to take over.
  process.kill(0, 'SIGTSTP');
}
