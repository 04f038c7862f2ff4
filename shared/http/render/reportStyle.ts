// The style sheet of the report. Called by reportHtml.
import type { Html } from './html.ts';

export const reportStyle: Html = {
  text: `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --page: #fff; --band: #f6f8fa; --good: #1a6e34; --bad: #b3261e; --mark: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --soft: #9ea8b3; --line: #3a434d; --page: #12161b; --band: #1b2128; --good: #56d27c; --bad: #ff8a80; --mark: #6cb6ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.2; }
h2 { margin: 2.2rem 0 .6rem; font-size: 1.2rem; }
header p { margin: .5rem 0 1.2rem; color: var(--soft); max-width: 70ch; }
header strong { color: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .7rem; margin: 0; padding: 0; list-style: none; }
.figures li { padding: .7rem .9rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--band); color: var(--soft); }
.figures strong { display: block; font-size: 1.6rem; line-height: 1.2; color: var(--ink); font-variant-numeric: tabular-nums; }
.figures .good strong { color: var(--good); }
.bad, .figures .bad strong { color: var(--bad); }
table { width: 100%; border-collapse: collapse; margin: 0 0 1.2rem; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { padding: .2rem 0; text-align: left; color: var(--soft); }
th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: break-word; }
thead th { background: var(--band); font-weight: 600; }
tbody th { font-weight: 600; }
code { font: .85em ui-monospace, monospace; }
.time { white-space: nowrap; }
.empty { margin: .3rem 0; color: var(--soft); }
svg { display: block; width: 100%; max-width: 46rem; height: auto; }
svg text { fill: var(--soft); font-size: 12px; }
svg .axis { stroke: var(--line); }
svg .bar { fill: var(--mark); }
@media (max-width: 44rem) {
  body { padding: 1rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, th[scope=row], td, caption { display: block; }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  th[scope=row], td { padding: .1rem 0; border: 0; }
  td { display: grid; grid-template-columns: 7.5rem 1fr; column-gap: .5rem; }
  td::before { content: attr(data-name); color: var(--soft); }
  td > div { min-width: 0; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --line: #999; --page: #fff; --band: #fff; --good: #000; --bad: #000; --mark: #000; }
  body { max-width: none; padding: 0; font-size: 9pt; }
  table { font-size: 8pt; }
  th, td { padding: 2pt 4pt; }
  h2 { break-after: avoid; }
  tr, .figures, svg { break-inside: avoid; }
  thead { display: table-header-group; }
  .bad { font-weight: 700; }
}
@page { margin: 15mm; }
`,
};
