// A full-screen terminal: draws lines in place, and gives the terminal back as it was. Called by openView.ts.
import type { ReadStream, WriteStream } from 'node:tty';
import type { Size } from './renderView.ts';

export type Screen = {
  readonly size: () => Size;
  /** Shows these lines, from the top; writes only what differs from what is shown. */
  readonly draw: (lines: readonly string[]) => void;
  /** Gives the terminal back. Once is enough, and it happens by itself when the process ends. */
  readonly close: () => void;
};

const csi = '\u001b[';
// The other screen, which leaves the shell's as it is; no cursor; no wrapping at the edge.
const enter = `${csi}?1049h${csi}?25l${csi}?7l`;
const leave = `${csi}?7h${csi}?25h${csi}?1049l`;
// Terminals that know them show what lies between at once; others ignore them.
const together = [`${csi}?2026h`, `${csi}?2026l`] as const;

/** What has been written over the screen by others, if anything, is gone after so many drawings. */
const drawAllEvery = 20;

/**
 * @param keys.quit is called for q and Ctrl-C
 * @param onResize is called when all has to be drawn again
 */
export function openScreen(
  { stdin, stdout }: { readonly stdin: ReadStream; readonly stdout: WriteStream },
  { quit, onResize }: { readonly quit: () => void; readonly onResize: () => void },
): Screen {
  let shown: readonly string[] = [];
  let drawings = 0;
  let isOpen = false;

  function open(): void {
    isOpen = true;
    shown = [];
    stdout.write(enter);
    // Without this, what is typed would be echoed over the screen.
    if (stdin.isTTY) stdin.setRawMode(true).resume();
  }

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    stdout.write(leave);
    if (stdin.isTTY) stdin.setRawMode(false).pause();
  }

  function resize(): void {
    shown = [];
    onResize();
  }

  function suspend(): void {
    close();
    process.once('SIGCONT', () => {
      open();
      onResize();
    });
    // The whole group, as the terminal would: npm, which started us, has to stop for the shell to take over.
    process.kill(0, 'SIGTSTP');
  }

  function onKeys(keys: Buffer): void {
    for (const key of keys.toString()) {
      if (key === 'q' || key === '\u0003') quit();
      if (key === '\u001a') suspend();
    }
  }

  open();
  if (stdin.isTTY) stdin.on('data', onKeys);
  stdout.on('resize', resize);
  process.once('exit', close);
  // Before Node prints an error that nobody caught: on the other screen it would be lost.
  process.once('uncaughtExceptionMonitor', close);

  return {
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    // A row is cleared before it is written: after a full one, the cursor stands on its last character.
    draw: (lines) => {
      if (!isOpen) return;
      drawings += 1;
      const all = drawings % drawAllEvery === 0;
      const changes = lines.flatMap((line, index) =>
        all || line !== shown[index] ? [`${csi}${index + 1};1H${csi}K${line}`] : [],
      );
      if (lines.length < shown.length || shown.length === 0) changes.push(`${csi}${lines.length + 1};1H${csi}J`);
      shown = lines;
      if (changes.length > 0) stdout.write(together.join(changes.join('')));
    },
    close: () => {
      stdin.off('data', onKeys);
      stdout.off('resize', resize);
      process.off('exit', close);
      process.off('uncaughtExceptionMonitor', close);
      close();
    },
  };
}
