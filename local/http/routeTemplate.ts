// Route templates of HTTP functions and of the simulator: parsing, matching, and which of two matches wins.
export type Route = {
  readonly template: string;
  /** Smaller wins: literal segments before constrained parameters, these before free ones, catch-alls last. */
  readonly precedence: string;
  readonly match: (segments: readonly string[]) => Readonly<Record<string, string>> | undefined;
};

type Segment = {
  readonly rank: string;
  readonly pattern: RegExp;
  readonly optional: boolean;
  readonly catchAll?: string;
};

// The constraints that are a matter of form; ASP.NET's others (ranges, lengths, regex) are refused, not ignored.
const constraints: Readonly<Record<string, string>> = {
  alpha: '[a-z]+',
  bool: 'true|false',
  guid: '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}',
  int: '-?\\d+',
  long: '-?\\d+',
};

const placeholder = /\{(\*{0,2})([A-Za-z_]\w*)(?::([a-z]+))?(\?)?\}/g;

/** `a/{b}/{c:int}/{d?}` or `files/{*rest}`, case-insensitive as in ASP.NET. @throws when the template holds something else */
export function parseRoute(template: string): Route {
  const parts = template.split('/').filter((part) => part !== '');
  const segments = parts.map((part) => parseSegment(part, template));
  if (segments.slice(0, -1).some((segment) => segment.optional || segment.catchAll !== undefined)) {
    throw new Error(`the route "${template}" has an optional or catch-all parameter that is not its last segment.`);
  }
  return {
    template: parts.join('/'),
    precedence: segments.map((segment) => segment.rank).join(''),
    match: (path) => matchSegments(segments, path),
  };
}

function parseSegment(part: string, template: string): Segment {
  let rank = 1;
  let pattern = '';
  let end = 0;
  let optional = false;
  for (const { 0: text, 1: stars, 2: name, 3: constraint, 4: mark, index } of part.matchAll(placeholder)) {
    if (stars) {
      if (text !== part) throw new Error(`the route "${template}" has more than the catch-all in "${part}".`);
      return { rank: '5', pattern: /^/, optional: true, catchAll: name ?? '' };
    }
    const form = constraint === undefined ? '.+?' : constraints[constraint];
    if (form === undefined) {
      throw new Error(
        `the route "${template}" has the constraint "${constraint}", which the local host does not know.`,
      );
    }
    pattern += `${escapeLiteral(part.slice(end, index))}(?<${name}>${form})`;
    end = index + text.length;
    optional = mark !== undefined;
    rank = text === part && constraint === undefined ? 3 : 2;
  }
  const literal = part.slice(end);
  if (/[{}]/.test(literal)) throw new Error(`the route "${template}" can't be read at "${part}".`);
  return { rank: String(rank), pattern: new RegExp(`^${pattern}${escapeLiteral(literal)}$`, 'is'), optional };
}

function escapeLiteral(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function matchSegments(segments: readonly Segment[], path: readonly string[]): Record<string, string> | undefined {
  // Most routes differ from a path by their length, which costs nothing to see.
  if (path.length > segments.length && segments.at(-1)?.catchAll === undefined) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    if (segment.catchAll !== undefined) {
      if (path.length > index) params[segment.catchAll] = path.slice(index).join('/');
      return params;
    }
    const value = path[index];
    if (value === undefined) return segment.optional ? params : undefined;
    const found = segment.pattern.exec(value);
    if (!found) return undefined;
    Object.assign(params, found.groups);
  }
  return params;
}

/** Decoded; an encoded slash stays encoded, as in ASP.NET. Undefined when the path is not valid percent-encoding. */
export function pathSegments(pathname: string): readonly string[] | undefined {
  const trimmed = pathname.replace(/^\/|\/$/g, '');
  if (trimmed === '') return [];
  try {
    return trimmed.split('/').map((segment) => decodeURIComponent(segment.replace(/%(2f)/gi, '%25$1')));
  } catch {
    return undefined;
  }
}
