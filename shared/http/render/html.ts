// HTML templates that escape every value, except HTML. Called by the files that render the report.

export type Html = { readonly text: string };

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function html(parts: TemplateStringsArray, ...values: readonly (Html | string)[]): Html {
  return { text: parts.reduce((text, part, index) => text + textOf(values[index - 1]) + part) };
}

export function joined(parts: readonly Html[]): Html {
  return { text: parts.map(({ text }) => text).join('') };
}

function textOf(value: Html | string | undefined): string {
  if (typeof value === 'string') return value.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '');
  return value?.text ?? '';
}
