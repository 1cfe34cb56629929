import { expect, test } from 'vitest';
import { visitorIdOf } from '../../../lib/orders/map-event.ts';

test('the visitor id is the HMAC-SHA256 of the customer id in hex', () => {
  // Test case 2 of RFC 4231.
  expect(visitorIdOf('Jefe', 'what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

test('a customer id is hashed as UTF-8', () => {
  // printf 'Zoë' | openssl dgst -sha256 -hmac 'clé'
  expect(visitorIdOf('clé', 'Zoë')).toBe('c78481bd0500c6443b63a5a1dd23dae20f6990c298bdb9d111891c920e00815d');
});

test('different customers and different secrets have different visitor ids', () => {
  const ids = [
    visitorIdOf('a', '1'),
    visitorIdOf('a', '2'),
    visitorIdOf('b', '1'),
    visitorIdOf('a', 'shopify:1'),
  ];
  expect(new Set(ids).size).toBe(4);
});
