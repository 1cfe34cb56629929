import { expect, test } from 'vitest';
import { announcementText } from '../../../lib/texts/order-text.ts';

const texts = { de: 'Hallo', 'fr-CA': 'Allô', fr_FR: 'Bonjour', EN: 'Hello' };

test('one text is for everyone', () => {
  expect(announcementText({ text: 'Sale!' }, 'fr', 'en')).toBe('Sale!');
});

test.each([
  ['de-AT', 'Hallo'],
  ['fr_CA', 'Allô'],
  ['fr-FR', 'Bonjour'],
  ['en-GB', 'Hello'],
  ['nl', 'Hello'],
  [undefined, 'Hello'],
])('for %j the text is %s', (locale, said) => {
  expect(announcementText({ texts }, locale, 'en')).toBe(said);
});

test('without a text in the default locale it is the first', () => {
  expect(announcementText({ texts }, 'nl', 'it')).toBe('Hallo');
});

test('a tag that is no language tag is still a text that can be the first', () => {
  expect(announcementText({ texts: { 'default text': 'Hi' } }, 'fr', 'en')).toBe('Hi');
});

test('a wording without any text says nothing', () => {
  expect(announcementText({}, 'fr', 'en')).toBeUndefined();
  expect(announcementText({ texts: {} }, 'fr', 'en')).toBeUndefined();
});
