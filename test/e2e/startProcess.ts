// Another process for a test: starts it, waits for what it says, ends it. It ends with the test's process too, however
// that ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type TestProcess = {
  /** What it wrote so far, stdout and stderr as they came. */
  readonly output: () => string;
  /** The first match in what it wrote. @throws with its output when it ends, or says nothing of the kind in time */
  readonly says: (pattern: RegExp, milliseconds?: number) => Promise<RegExpExecArray>;
  /** Asks it to end, as Ctrl-C does, and kills it when it does not; its exit code. */
  readonly stop: () => Promise<number | null>;
  /** Ends it at once, with no chance to say or save anything. */
  readonly kill: () => Promise<void>;
};

const stopMilliseconds = 15_000;

// Runs before the script: the pipe to us closes when we end, even killed.
const endWithParent = "process.stdin.on('end', () => process.exit(1)).resume().unref?.();";

/** @param script relative to the repository's root; `environment` is all that it gets, beside PATH */
export function startProcess(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): TestProcess {
  const path = fileURLToPath(new URL(`../../${script}`, import.meta.url));
  const preload = `--import=data:text/javascript,${encodeURIComponent(endWithParent)}`;
  const child: ChildProcess = spawn(process.execPath, [preload, path, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  const waiting = new Set<() => void>();
  const note = (text: string) => {
    output += text;
    for (const look of waiting) look();
  };
  child.stdout?.setEncoding('utf8').on('data', note);
  child.stderr?.setEncoding('utf8').on('data', note);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  child.once('close', () => note(''));

  return {
    output: () => output,
    says: (pattern, milliseconds = 20_000) =>
      new Promise((resolve, reject) => {
        const end = (outcome: RegExpExecArray | string) => {
          clearTimeout(timeout);
          waiting.delete(look);
          if (typeof outcome === 'string') reject(new Error(`${script} ${outcome}; it wrote:\n${output}`));
          else resolve(outcome);
        };
        const look = () => {
          const match = pattern.exec(output);
          if (match) end(match);
          else if (hasEnded()) end(`ended without ${pattern}`);
        };
        const timeout = setTimeout(() => end(`did not say ${pattern} within ${milliseconds} ms`), milliseconds);
        waiting.add(look);
        look();
      }),
    stop: async () => {
      if (hasEnded()) return child.exitCode;
      const exit = once(child, 'exit');
      const kill = setTimeout(() => child.kill('SIGKILL'), stopMilliseconds);
      child.kill('SIGINT');
      await exit;
      clearTimeout(kill);
      return child.exitCode;
    },
    kill: async () => {
      if (hasEnded()) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}
