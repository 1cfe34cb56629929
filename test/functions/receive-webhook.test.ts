import { expect, test } from 'vitest';
import { sources } from '../../lib/sources/sources.ts';
import { sign } from '../../tools/samples/webhooks.ts';
import { noon } from '../support/incoming.ts';
import { startReceiver } from '../support/receiver.ts';

const body = JSON.stringify({ id: 1 });

test('a genuine webhook is taken, whatever origin its sender names', async () => {
  const { post } = startReceiver();
  const headers = { ...sign('shopify', { body, now: noon }), origin: 'https://shop.example.com' };
  const raw = { body, isBase64Encoded: false };
  expect(await post('shopify', { headers, raw })).toMatchObject({ status: 200 });
  expect(
    await post('shopify', { headers: { ...headers, 'x-shopify-hmac-sha256': 'bm8=' }, raw }),
  ).toMatchObject({
    status: 401,
  });
});

test.each(Object.keys(sources))(
  'a webhook of %s without a body or a signature is refused',
  async (source) => {
    const { post, published } = startReceiver();
    for (const raw of [
      {},
      { body: null },
      { body: null, isBase64Encoded: true },
      { body: '{', isBase64Encoded: true },
    ])
      expect(await post(source, { headers: {}, raw })).toMatchObject({ status: 401 });
    expect(published()).toBe(0);
  },
);

test('a signed webhook without a body is kept for an operator', async () => {
  const { post, deadLetters } = startReceiver();
  const headers = { ...sign('shopify', { body: '', now: noon }), 'x-shopify-topic': 'orders/paid' };
  expect(await post('shopify', { headers, raw: { body: null } })).toMatchObject({ status: 200 });
  expect(deadLetters).toEqual(['shopify: The webhook is invalid: not valid JSON in UTF-8']);
});
