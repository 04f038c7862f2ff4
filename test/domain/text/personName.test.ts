import { describe, expect, it } from 'vitest';
import { isSamePerson, nameProblem } from '../../../shared/domain/text/personName.ts';

describe('names', () => {
  it.each([
    ['ada@example.com', 'ADA@Example.com'],
    ['ada', 'a\u200bda'],
    ['ada', '\ufeffada\u2060'],
    ['ada', 'a\u00adda\u034f'],
    ['ada', '\u202eada\u202c'],
    ['ada', 'ａｄａ'],
    ['Ada Lovelace', '  ada\u00a0 \t lovelace '],
    ['Zoë', 'Zoe\u0308'],
    ['Straße', 'STRASSE'],
    ['ﬁona', 'fiona'],
    ['ada', 'а\u0501а'],
    ['PETER', 'РЕТЕR'],
    ['bob', 'ΒΟΒ'],
    ['Αλέξανδρος', 'ΑΛΈΞΑΝΔΡΟΣ'],
  ])('%j and %j are one person', (one, other) => {
    expect(isSamePerson(one, other)).toBe(true);
    expect(isSamePerson(other, one)).toBe(true);
  });

  it.each([
    ['ada', 'adam'],
    ['ada lovelace', 'adalovelace'],
    ['jose', 'josé'],
    ['иван', 'игорь'],
    ['东京', '東京'],
  ])('%j and %j are two', (one, other) => {
    expect(isSamePerson(one, other)).toBe(false);
  });

  it.each(['ada@example.com', 'Zoë Müller', 'Иван Petrov', 'Αλέξανδρος', '山田 太郎', "O'Neil, Jr.", 'ada  lovelace'])(
    'anybody may sign as %j',
    (name) => {
      expect(nameProblem(name)).toBeUndefined();
    },
  );

  it.each([
    ['a\u200bda', /U\+200B/],
    ['ada\nbob', /U\+A;/],
    ['\u202eada', /U\+202E/],
    ['ada\u2028', /U\+2028/],
    ['\u3164', /U\+3164/],
    ['аda@example.com', /mixes Latin with Cyrillic or Greek/],
    ['Ada Lοvelace', /mixes Latin/],
  ])('nobody may sign as %j', (name, why) => {
    expect(nameProblem(name)).toMatch(why);
  });
});
