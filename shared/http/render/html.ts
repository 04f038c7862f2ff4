// HTML templates that escape every value, except HTML. Called by the files that render the report.

export type Html = { readonly text: string };
export type Value = Html | string | number;

const escapes: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' };

export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { text: parts.reduce((text, part, index) => text + textOf(values[index - 1]) + part) };
}

export function joined(parts: readonly Html[]): Html {
  return { text: parts.map(({ text }) => text).join('') };
}

function textOf(value: Value = ''): string {
  if (typeof value === 'object') return value.text;
  return String(value).replaceAll(/[&<>"']/g, (character) => `&${escapes[character]};`);
}
