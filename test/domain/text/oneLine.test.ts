import { describe, expect, it } from 'vitest';
import { dependencies, replaceParts } from '../../../shared/composition.ts';
import { oneLine } from '../../../shared/domain/text/oneLine.ts';
import { composeAt } from '../../functions/request.ts';

describe('a line of the log', () => {
  it.each([
    ['sales\n[info] Hold lifted by ada', 'sales\\u{a}[info] Hold lifted by ada'],
    ['a\r\nb\u2028c\u2029d\u0085e', 'a\\u{d}\\u{a}b\\u{2028}c\\u{2029}d\\u{85}e'],
    ['\u001b[2K\u001b[1Agone', '\\u{1b}[2K\\u{1b}[1Agone'],
    ['\u202efdp.exe', '\\u{202e}fdp.exe'],
    ['half \ud800', 'half \\u{d800}'],
    ['Größe, 東京, 👍', 'Größe, 東京, 👍'],
  ])('holds %j as %j', (text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });

  it.each([
    ['to https://a.blob.core.windows.net/c?sv=1&sig=abc%3D failed', 'to https://a.blob.core.windows.net/c?… failed'],
    ['https://ada:hunter2@host/x', 'https://host/x'],
    ['AccountName=a;AccountKey=abc==;EndpointSuffix=x', 'AccountName=a;AccountKey=…;EndpointSuffix=x'],
    ['Authorization: Bearer eyJ0eXAiOiJKV1QiLCJhbGciOi.x', 'Authorization: Bearer …'],
    ['GET /api/holds?lifted=true', 'GET /api/holds?lifted=true'],
  ])('of %j tells %j', (text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });

  it('is read in time, whatever it is', () => {
    for (const text of [
      'a.'.repeat(50_000),
      'a://'.repeat(30_000),
      'sig='.repeat(30_000),
      'https://'.padEnd(90_000, 'a:'),
    ]) {
      const before = performance.now();
      oneLine(text);
      expect(performance.now() - before).toBeLessThan(500);
    }
  });

  it('is made where the app logs, whoever does', () => {
    const lines: string[] = [];
    composeAt('2026-11-21T12:00:00Z');
    replaceParts({ log: { info: (line) => lines.push(line), warn: (line) => lines.push(line) } });
    const { log } = dependencies({ info: () => {}, warn: () => {} });
    log.info('a\nb');
    log.warn('c\nd');
    expect(lines.slice(-2)).toEqual(['a\\u{a}b', 'c\\u{a}d']);
  });
});
