// The test vectors of docs/ledger-chain.md are true: whoever writes another implementation starts from them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkExport } from '../../local/exportCheck.ts';
import { firstBrokenEntry, hashEntry } from '../../shared/domain/ledger/chain.ts';
import type { Entry } from '../../shared/domain/ledger/ledger.ts';
import { canonical } from '../simulation/judge/own/canonical.ts';

const page = readFileSync(new URL('../../docs/ledger-chain.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(/^```(\w+)\n([\s\S]*?)\n```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , text = '']) => text);

const hashes = blocks('sha256');
const vectors = blocks('text').map((text, index) => [text.slice(0, 60), text, hashes[index] ?? ''] as const);
const exported = blocks('ndjson')[0]?.split('\n') ?? [];

describe('the test vectors', () => {
  it('are four, and an export', () => {
    expect([vectors.length, hashes.length, exported.length]).toEqual([4, 4, 5]);
  });

  it.each(vectors)('%s… has its hash, by anybody’s SHA-256 and by ours', (_what, text, hash) => {
    expect(createHash('sha256').update(text, 'utf8').digest('hex')).toBe(hash);
    expect(hashEntry(JSON.parse(text) as Entry)).toBe(hash);
  });

  it('are canonical for an implementation that shares nothing with ours', () => {
    for (const [, text] of vectors) expect(canonical(JSON.parse(text))).toBe(text);
  });

  it('link, as the export has them', async () => {
    const entries = exported
      .slice(1, -1)
      .map((line) => JSON.parse(line) as Entry)
      .toReversed();
    expect(entries.map(({ hash }) => hash)).toEqual(hashes.slice(0, 3));
    expect(firstBrokenEntry(entries)).toBeUndefined();
    async function* lines() {
      yield* exported;
    }
    expect((await checkExport(lines())).problems).toEqual([]);
  });
});
