// The screen: what is written to the terminal, and that it is given back.
import { EventEmitter } from 'node:events';
import type { ReadStream, WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { openScreen } from '../../../local/view/screen.ts';

describe('the screen', () => {
  function terminal() {
    let written = '';
    const modes: boolean[] = [];
    const stdout = Object.assign(new EventEmitter(), {
      columns: 20,
      rows: 4,
      write: (text: string) => {
        written += text;
        return true;
      },
    });
    const stdin = Object.assign(new EventEmitter(), {
      isTTY: true,
      setRawMode: (mode: boolean) => {
        modes.push(mode);
        return stdin;
      },
      resume: () => stdin,
      pause: () => stdin,
    });
    const calls: string[] = [];
    const screen = openScreen(
      { stdin: stdin as unknown as ReadStream, stdout: stdout as unknown as WriteStream },
      { quit: () => calls.push('quit'), onResize: () => calls.push('resize') },
    );
    const take = () => {
      const taken = written.replaceAll('\u001b[', '^');
      written = '';
      return taken;
    };
    return { screen, stdin, stdout, calls, modes, take };
  }

  it('writes what changed, in its place', () => {
    const { screen, take } = terminal();
    expect(take()).toBe('^?1049h^?25l^?7l');
    screen.draw(['one', 'two', 'three']);
    expect(take()).toBe('^?2026h^1;1H^Kone^2;1H^Ktwo^3;1H^Kthree^4;1H^J^?2026l');
    screen.draw(['one', 'TWO', 'three']);
    expect(take()).toBe('^?2026h^2;1H^KTWO^?2026l');
    screen.draw(['one', 'TWO', 'three']);
    expect(take()).toBe('');
    screen.draw(['one']);
    expect(take()).toBe('^?2026h^2;1H^J^?2026l');
    screen.close();
  });

  it('draws all again when the size changes', () => {
    const { screen, stdout, calls, take } = terminal();
    screen.draw(['one']);
    stdout.emit('resize');
    take();
    screen.draw(['one']);
    expect(take()).toContain('^1;1H^Kone');
    expect(calls).toEqual(['resize']);
    expect(screen.size()).toEqual({ columns: 20, rows: 4 });
    screen.close();
  });

  it('quits for q and Ctrl-C, and for nothing else', () => {
    const { screen, stdin, calls } = terminal();
    for (const key of ['x', '\r', 'q', '\u0003']) stdin.emit('data', Buffer.from(key));
    expect(calls).toEqual(['quit', 'quit']);
    screen.close();
  });

  it('gives the terminal back, once, and leaves no listeners', () => {
    const before = ['exit', 'uncaughtExceptionMonitor'].map((event) => process.listenerCount(event));
    const { screen, stdin, stdout, modes, take } = terminal();
    take();
    screen.close();
    screen.close();
    expect(take()).toBe('^?7h^?25h^?1049l');
    screen.draw(['too late']);
    expect(take()).toBe('');
    expect(modes).toEqual([true, false]);
    expect([stdin.listenerCount('data'), stdout.listenerCount('resize')]).toEqual([0, 0]);
    expect(['exit', 'uncaughtExceptionMonitor'].map((event) => process.listenerCount(event))).toEqual(before);
  });
});
