// What the port Documents promises, as one suite: every implementation passes it. Called by memoryDocuments.test and azureDocuments.test.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Documents } from '../../../shared/ports/documents.ts';

/** @param create digests of which there are none yet */
export function describeDocuments(name: string, create: () => Documents): void {
  describe(name, () => {
    let digests: Documents;
    beforeEach(() => {
      digests = create();
    });

    it('has none where none was written', async () => {
      expect(await digests.list()).toEqual([]);
      expect(await digests.read('2026-W47.json')).toBeUndefined();
    });

    it('writes one and reads it back, to the letter', async () => {
      const text = '{"note":"d’été \\"x\\"\\n € 🚢"}\r\n';
      expect(await digests.write('2026-W47.json', text)).toBe('written');
      expect(await digests.read('2026-W47.json')).toBe(text);
    });

    it.each(['first', 'second'])('writes each once: another that says "%s" changes nothing', async (text) => {
      await digests.write('2026-W47.json', 'first');
      expect(await digests.write('2026-W47.json', text)).toBe('exists');
      expect(await digests.read('2026-W47.json')).toBe('first');
    });

    it('lets one of many win, when they write at once', async () => {
      const texts = Array.from({ length: 8 }, (_, index) => `text ${index}`);
      const answers = await Promise.all(texts.map((text) => digests.write('2026-W47.json', text)));
      expect(answers.filter((answer) => answer === 'written')).toHaveLength(1);
      expect(await digests.read('2026-W47.json')).toBe(texts[answers.indexOf('written')]);
    });

    it('lists them in order', async () => {
      for (const name of ['2027-W01.json', '2026-W53.json', '2026-W09.json']) await digests.write(name, name);
      expect(await digests.list()).toEqual(['2026-W09.json', '2026-W53.json', '2027-W01.json']);
      expect(await digests.read('2026-W10.json')).toBeUndefined();
    });

    it('holds one of a large fleet', async () => {
      const text = JSON.stringify(Array.from({ length: 40_000 }, (_, index) => `cluster ${index} of many, many more`));
      expect(text.length).toBeGreaterThan(1024 * 1024);
      await digests.write('2026-W47.json', text);
      expect(await digests.read('2026-W47.json')).toBe(text);
    });
  });
}
