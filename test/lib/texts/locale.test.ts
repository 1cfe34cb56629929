import { fc, test as law } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { canonicalLocale, pickByLocale } from '../../../lib/texts/locale.ts';

const texts: Record<string, string> = { en: 'hello', fr: 'bonjour', 'zh-Hant': '你好', 'pt-BR': 'oi' };
const pick = (wanted: string | undefined, defaultLocale = 'en') =>
  pickByLocale((tag) => texts[tag], wanted, defaultLocale);

test.each([
  ['fr', 'bonjour', 'fr'],
  ['fr-CA', 'bonjour', 'fr-CA'],
  ['fr_CA', 'bonjour', 'fr-CA'],
  ['FR-ca', 'bonjour', 'fr-CA'],
  [' fr ', 'bonjour', 'fr'],
  ['en-GB', 'hello', 'en-GB'],
  ['zh-Hant-TW', '你好', 'zh-Hant-TW'],
  ['pt-BR', 'oi', 'pt-BR'],
])('%j finds its own, else its language, and keeps its region: %s in %s', (wanted, found, locale) => {
  expect(pick(wanted)).toEqual({ found, locale });
});

test.each([undefined, '', 'nl', 'zh', 'pt', 'x', 'not a locale', 'fr--CA', 'constructor', '__proto__', '*'])(
  '%j finds the default, formatted as the default',
  (wanted) => {
    expect(pick(wanted)).toEqual({ found: 'hello', locale: 'en' });
  },
);

test('a default locale of a region finds its language too', () => {
  expect(pick('nl', 'fr-BE')).toEqual({ found: 'bonjour', locale: 'fr-BE' });
});

test('nothing is found when there is nothing', () => {
  expect(pick('nl', 'it')).toBeUndefined();
});

test('extensions do not decide how amounts and dates look', () => {
  expect(canonicalLocale('fr-FR-u-nu-arab')).toBe('fr-FR');
});

law.prop([fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z]{2}[-_][A-Za-z0-9]{1,4}$/))])(
  'no locale, however odd, makes it throw or miss the default',
  (wanted) => {
    expect(pick(wanted)?.found).toBeTypeOf('string');
  },
);
