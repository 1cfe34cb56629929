import { expect, test } from 'vitest';
import { orderStatuses } from '../../../lib/texts/order-status.ts';
import { announcementText, type OrderText, orderText, sentences } from '../../../lib/texts/order-text.ts';

const when =
  (language: string): OrderText =>
  (order) =>
    ` ${language}: ${order.number} ${order.estimatedDelivery ?? ''}`;

const bridge = {
  defaultLocale: 'en',
  texts: {
    en: { shipped: when('en'), paid: when('en'), delivered: null, pending: () => ' ' },
    fr: { shipped: when('fr'), paid: null },
    'fr-CA': { delivered: when('fr-CA') },
  },
};
const order = { orderId: '1', orderNumber: '#1001', estimatedDelivery: '2026-03-05' };

test.each([
  ['fr', 'fr: #1001 5 mars 2026'],
  ['fr-CA', 'fr: #1001 5 mars 2026'],
  ['en-GB', 'en: #1001 5 March 2026'],
  ['en-US', 'en: #1001 March 5, 2026'],
  ['nl', 'en: #1001 March 5, 2026'],
  ['klingon!', 'en: #1001 March 5, 2026'],
  [undefined, 'en: #1001 March 5, 2026'],
])('for %j the text and its dates are in one language: %s', (locale, said) => {
  expect(orderText(bridge, { ...order, status: 'shipped', locale })).toBe(said);
});

test('a regional text takes precedence over that of the language, even if the default has none', () => {
  expect(orderText(bridge, { ...order, status: 'delivered', locale: 'fr-CA' })).toMatch(/^fr-CA: /);
});

test('a text missing in a language comes from the default locale, with its dates', () => {
  const texts = { ...bridge.texts, fr: {} };
  const said = orderText({ ...bridge, texts }, { ...order, status: 'shipped', locale: 'fr' });
  expect(said).toBe('en: #1001 March 5, 2026');
});

test('null means no message, even if the default locale has a text', () => {
  expect(orderText(bridge, { ...order, status: 'paid', locale: 'fr' })).toBeUndefined();
  expect(orderText(bridge, { ...order, status: 'delivered', locale: 'en' })).toBeUndefined();
});

test('a blank text means no message', () => {
  expect(orderText(bridge, { ...order, status: 'pending' })).toBeUndefined();
});

test('a status without any text means no message', () => {
  for (const status of orderStatuses) {
    expect(orderText({ texts: {}, defaultLocale: 'en' }, { ...order, status })).toBeUndefined();
  }
});

const texts = { de: 'Hallo', 'fr-CA': 'Allô', fr_FR: 'Bonjour', EN: 'Hello' };

test('a single text is for everyone', () => {
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

test('without a text in the default locale, the first text is used', () => {
  expect(announcementText({ texts }, 'nl', 'it')).toBe('Hallo');
});

test('a key that is not a language tag may still be the first text', () => {
  expect(announcementText({ texts: { 'default text': 'Hi' } }, 'fr', 'en')).toBe('Hi');
});

test('a wording without any text is undefined', () => {
  expect(announcementText({}, 'fr', 'en')).toBeUndefined();
  expect(announcementText({ texts: {} }, 'fr', 'en')).toBeUndefined();
});

test('sentences are joined with a space, and missing ones are left out', () => {
  expect(sentences('One.', undefined, '', null, false, 'Two.')).toBe('One. Two.');
});

test('without sentences the text is empty', () => {
  expect(sentences(undefined)).toBe('');
});
