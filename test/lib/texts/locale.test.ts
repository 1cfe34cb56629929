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
])(
  '%j finds its own entry or that of its language, and keeps its region: %s in %s',
  (wanted, found, locale) => {
    expect(pick(wanted)).toEqual({ found, locale });
  },
);

test.each([undefined, '', 'nl', 'zh', 'pt', 'x', 'not a locale', 'fr--CA', 'constructor', '__proto__', '*'])(
  '%j finds the default, formatted for the default locale',
  (wanted) => {
    expect(pick(wanted)).toEqual({ found: 'hello', locale: 'en' });
  },
);

test('a regional default locale finds the entry of its language too', () => {
  expect(pick('nl', 'fr-BE')).toEqual({ found: 'bonjour', locale: 'fr-BE' });
});

test('nothing is found if there are no entries', () => {
  expect(pick('nl', 'it')).toBeUndefined();
});

test('extensions of a tag do not change how amounts and dates are formatted', () => {
  expect(canonicalLocale('fr-FR-u-nu-arab')).toBe('fr-FR');
});

law.prop([fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z]{2}[-_][A-Za-z0-9]{1,4}$/))])(
  'no locale makes the lookup throw or miss the default',
  (wanted) => {
    expect(pick(wanted)?.found).toBeTypeOf('string');
  },
);
