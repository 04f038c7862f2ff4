// How `npm start` tells what happens: a screen on a terminal, lines when piped, next to nothing when quiet.
import { styleText } from 'node:util';
import type { Paint, Role } from './poolTable.ts';
import { renderView } from './renderView.ts';
import { openScreen } from './screen.ts';
import { type Link, PoolList, type ShownLine, type ShownPool, type ShownRoll } from './viewState.ts';

type View = {
  readonly say: (text: string) => void;
  readonly complain: (text: string) => void;
  readonly show: (app: ShownApp) => void;
  readonly close: () => void;
};

type ShownApp = {
  readonly links: readonly Link[];
  readonly nodePools: URL;
  readonly rolls: () => readonly ShownRoll[];
};

/** A screen where there is one to draw on, and nobody wants lines. */
export function openView(options: { readonly quiet: boolean; readonly verbose: boolean }, quit: () => void): View {
  const hasScreen = process.stdout.isTTY && process.env['TERM'] !== 'dumb';
  return hasScreen && !options.quiet && !options.verbose ? screenView(quit) : lineView(options.quiet);
}

const stamp = (text: string) => `${new Date().toISOString().slice(11, 19)}  ${text}`;

function lineView(isQuiet: boolean): View {
  return {
    say: (text) => (isQuiet ? undefined : console.log(stamp(text))),
    complain: (text) => console.error(stamp(text)),
    show: ({ links }) => {
      const shown = links.map(({ label, target }) => `${label.padEnd(12)}${target}`);
      const title = 'AKS Node Image Keeper, on Azurite and a simulated AKS. Ctrl-C stops it; nothing is kept.';
      console.log(isQuiet ? shown.join('\n') : ['', title, '', ...shown.map((line) => `  ${line}`), ''].join('\n'));
    },
    close: () => {},
  };
}

const drawMilliseconds = 250;
const readMilliseconds = 1500;
const keptLines = 300;

function screenView(quit: () => void): View {
  const lines: ShownLine[] = [];
  let app: ShownApp | undefined;
  let pools: readonly ShownPool[] | undefined;
  const screen = openScreen(process, { quit, onResize: draw });

  function note(text: string, isProblem: boolean): void {
    lines.push({ at: new Date(), text, isProblem });
    if (lines.length > keptLines) lines.shift();
  }

  function draw(): void {
    const state = { now: new Date(), pools, rolls: app?.rolls() ?? [], lines, links: app?.links ?? [] };
    screen.draw(renderView(state, screen.size(), paint));
  }

  async function read({ nodePools }: ShownApp): Promise<void> {
    // While the app stops, it does not answer; what is shown stays.
    const answer = await fetch(nodePools, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    if (answer?.ok) pools = PoolList.parse(await answer.json()).value;
  }

  const drawing = setInterval(draw, drawMilliseconds);
  let reading: NodeJS.Timeout | undefined;
  return {
    say: (text) => note(text, false),
    complain: (text) => note(text, true),
    show: (shown) => {
      app = shown;
      reading = setInterval(() => void read(shown), readMilliseconds);
    },
    close: () => {
      clearInterval(drawing);
      clearInterval(reading);
      screen.close();
    },
  };
}

const colours: Readonly<Record<Role, Parameters<typeof styleText>[0]>> = {
  title: 'bold',
  heading: ['bold', 'dim'],
  faint: 'dim',
  link: ['cyan', 'underline'],
  good: 'green',
  busy: ['bold', 'cyan'],
  waiting: 'yellow',
  bad: 'red',
};

const paint: Paint = (role, text) => styleText(colours[role], text, { stream: process.stdout });
