// Fits text into columns of a terminal: all that is shown is of single-width characters. Used by renderView.ts.
import { stripVTControlCharacters } from 'node:util';

const controls = /\p{Cc}+/gu;

export function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(controls, ' ');
}

export function fit(text: string, width: number): string {
  return cut(text, width).padEnd(width);
}

export function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  return width > 0 ? `${text.slice(0, width - 1).trimEnd()}…` : '';
}

/** Words in rows of `width`, `rows` at most; rows after the first start with `indent`. */
export function wrap(text: string, width: number, rows: number, indent: string): readonly string[] {
  const wrapped: string[] = [];
  let rest = text;
  while (rest.length > width && wrapped.length < rows - 1) {
    const space = rest.lastIndexOf(' ', width);
    // A word that would leave most of a row empty is broken.
    const end = space > indent.length + width / 4 ? space : width;
    wrapped.push(rest.slice(0, end).trimEnd());
    rest = indent + rest.slice(end).trimStart();
  }
  return [...wrapped, cut(rest, width)];
}
