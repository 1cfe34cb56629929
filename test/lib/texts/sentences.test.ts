import { expect, test } from 'vitest';
import { sentences } from '../../../lib/texts/order-text.ts';

test('sentences are joined with a space, those that are missing are left out', () => {
  expect(sentences('One.', undefined, '', null, false, 'Two.')).toBe('One. Two.');
});

test('no sentence makes no text', () => {
  expect(sentences(undefined)).toBe('');
});
