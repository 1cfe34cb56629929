import { expect, test } from 'vitest';
import { Problem } from '../../../lib/http/contract/problem.ts';
import { webhookOf } from '../../../lib/webhooks/receive.ts';
import { apiEvent } from '../../support/http-api.ts';

test('a body is the bytes that were sent, as text or in base64', () => {
  const bytes = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
  const raw = { body: bytes.toString('base64'), isBase64Encoded: true };
  expect(webhookOf(apiEvent('POST', '/webhooks/brevo?secret=x', { raw }))).toMatchObject({
    body: bytes,
    query: { secret: 'x' },
  });
  const text = { body: '{"name":"Zoë"}', isBase64Encoded: false };
  expect(webhookOf(apiEvent('POST', '/webhooks/brevo', { raw: text })).body.toString()).toBe(
    '{"name":"Zoë"}',
  );
  expect(webhookOf(apiEvent('POST', '/webhooks/brevo')).body).toHaveLength(0);
});

test('a megabyte is taken, more than five are not', () => {
  const sized = (megabytes: number) =>
    apiEvent('POST', '/webhooks/brevo', {
      raw: { body: 'a'.repeat(megabytes * 1024 * 1024 + 1), isBase64Encoded: false },
    });
  expect(webhookOf(sized(1)).body).toHaveLength(1024 * 1024 + 1);
  expect(() => webhookOf(sized(5))).toThrow(Problem);
});
