// Values that a row has no room for: the largest part goes to a document first, and the row holds its SHA-256 (ADR 17). Nothing
// is cut. Used by both Tables.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { messageOf } from '../../domain/text/messageOf.ts';
import type { Documents } from '../../ports/documents.ts';
import { type Row, rowVersion } from '../../ports/tables.ts';

/** The layout of a row whose value has parts elsewhere: code that does not know it takes the row for unreadable. */
const partedVersion = 2;
/** Characters. Smaller parts stay with what they are part of. */
const minPart = 1000;
const maxParts = 5;
const maxDepth = 10;
const maxKey = 100;
const maxKept = 50;

type Node = Record<string, unknown>;

const Parted = z.object({
  value: z.unknown(),
  parts: z.array(z.object({ path: z.array(z.string()).min(1), sha256: z.string() })),
});
type Parted = z.infer<typeof Parted>;

/** @param text the value's JSON @param room characters that a row takes */
export function splitValue(text: string, room: number) {
  const documents = new Map<string, string>();
  if (text.length <= room) return { text, version: rowVersion, documents };
  const parted: Parted = { value: JSON.parse(text), parts: [] };
  while (JSON.stringify(parted).length > room) {
    const path = parted.parts.length < maxParts ? heaviest(parted.value) : ['value'];
    const { holder, key } = at(parted, path);
    const part = JSON.stringify(holder[key]);
    const sha256 = sha256Of(part);
    documents.set(sha256, part);
    parted.parts.push({ path, sha256 });
    holder[key] = null;
  }
  return { text: JSON.stringify(parted), version: partedVersion, documents };
}

/** Down to what alone makes up most of the value: a list or a text that seldom changes is the same document again. */
function heaviest(value: unknown): string[] {
  const path = ['value'];
  let node = value;
  while (typeof node === 'object' && node !== null && path.length < maxDepth) {
    const sizes = Object.entries(node).map(([key, one]) => ({ key, one, size: JSON.stringify(one).length }));
    const [largest] = sizes.toSorted((a, b) => b.size - a.size);
    const isMost = largest && largest.size > minPart && largest.size * 2 > JSON.stringify(node).length;
    // An assignment to `__proto__` sets no key.
    if (!isMost || largest.key === '__proto__' || largest.key.length > maxKey) break;
    path.push(largest.key);
    node = largest.one;
  }
  return path;
}

/** Makes rows whole; where a part can't be read, that row alone can't be. Documents never change: those read last are kept. */
export function partsReader(documents: Documents) {
  const kept = new Map<string, string>();

  async function read(sha256: string): Promise<unknown> {
    const text = kept.get(sha256) ?? (await documents.read(sha256));
    if (text === undefined) throw new Error(`document ${sha256} is not there`);
    if (sha256Of(text) !== sha256) throw new Error(`document ${sha256} is not what was written`);
    kept.delete(sha256);
    kept.set(sha256, text);
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
    return JSON.parse(text);
  }

  async function whole(row: Row): Promise<Row> {
    try {
      const parted = Parted.parse(row.value);
      // What was taken out last holds the places of those before it.
      for (const { path, sha256 } of parted.parts.toReversed()) {
        const { holder, key } = at(parted, path);
        holder[key] = await read(sha256);
      }
      return { ...row, value: parted.value, version: rowVersion };
    } catch (error) {
      return { ...row, value: undefined, problem: `has a part elsewhere that can't be read: ${messageOf(error)}` };
    }
  }

  return (row: Row): Row | Promise<Row> => (row.version === partedVersion ? whole(row) : row);
}

function at(parted: Parted, path: readonly string[]) {
  const holder = path.slice(0, -1).reduce<Node>((node, key) => node[key] as Node, parted);
  return { holder, key: path.at(-1) ?? '' };
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
