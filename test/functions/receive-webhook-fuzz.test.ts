import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sources } from '../../lib/sources/sources.ts';
import { sign } from '../../tools/samples/webhooks.ts';
import { timed } from '../lib/sources/opening.ts';
import { cases } from '../support/in-depth.ts';
import { noon } from '../support/incoming.ts';
import { startReceiver } from '../support/receiver.ts';
import { telling, webhookSamples } from '../support/webhook-samples.ts';

const webhooks = cases(5_000, 100_000);
const names = Object.keys(sources);

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((some) => Buffer.from(some)),
  fc.json({ maxDepth: 2 }).map((text) => Buffer.from(text)),
  fc.constantFrom(...webhookSamples.map(({ body }) => body)),
  // A sample from which a piece is cut out.
  fc
    .tuple(fc.constantFrom(...webhookSamples.map(({ body }) => body)), fc.nat(), fc.nat({ max: 50 }))
    .map(([body, at, length]) =>
      Buffer.concat([body.subarray(0, at % body.length), body.subarray((at % body.length) + length)]),
    ),
);

/** The samples' headers without those that authenticate them. */
const topics = webhookSamples.map(({ headers }) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => /topic|content-type/.test(name))),
);
const headerValue = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.base64String({ maxLength: 44 }),
  fc.constantFrom(
    'v1,',
    't=1,v1=',
    'Basic Og==',
    'Bearer ',
    'orders/paid',
    'order.updated',
    'application/json',
    '0',
  ),
);
const strange = fc.dictionary(fc.constantFrom(...telling), headerValue, { maxKeys: 4 });

const whatever = fc.record({
  route: fc.constantFrom(...names),
  signedFor: fc.constantFrom(...names),
  topic: fc.constantFrom(...topics),
  body: bytes,
  others: strange,
});

/** A sample on its own route, unchanged or slightly changed. */
const sample = fc
  .record({ index: fc.nat({ max: webhookSamples.length - 1 }), bit: fc.option(fc.nat(), { nil: undefined }) })
  .map(({ index, bit }) => {
    const { source, body } = webhookSamples[index] ?? { source: '', body: Buffer.alloc(0) };
    const route = names.find((name) => name === source) ?? 'brevo';
    const changed = Buffer.from(body);
    if (bit !== undefined) {
      const at = bit % (8 * changed.length);
      changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
    }
    return { route, signedFor: route, topic: topics[index] ?? {}, body: changed, others: {} };
  });

/** A webhook, and whether its sender knows the secret of the route. */
const webhook = fc
  .tuple(
    fc.oneof(whatever, sample),
    fc.constantFrom('right', 'another body', 'too late', 'not at all'),
    fc.constantFrom('', '?secret=', '?secret=x', '?a=b&a=c'),
  )
  .map(([{ route, signedFor, topic, body, others }, signed, query]) => {
    const content = signed === 'another body' ? Buffer.concat([body, Buffer.from(' ')]) : body;
    const now = signed === 'too late' ? noon - 301_000 : noon;
    const proof = signed === 'not at all' ? {} : sign(signedFor, { body: content, now });
    const isRight =
      signed === 'right' ||
      (signed === 'too late' && !timed.includes(signedFor)) ||
      // Brevo signs nothing, so its secret is valid for any body.
      (signed === 'another body' && signedFor === 'brevo');
    return {
      route,
      body,
      query,
      headers: { ...topic, ...others, ...proof },
      isGenuine: isRight && route === signedFor,
    };
  });

test(`none of ${webhooks} webhooks causes an error, and none without authentication reaches the bus`, {
  timeout: 300_000,
}, async () => {
  const { post, published } = startReceiver();
  const seen = new Map<number, number>();
  let reached = 0;
  await fc.assert(
    fc.asyncProperty(webhook, async ({ route, body, query, headers, isGenuine }) => {
      const before = published();
      const raw = { body: body.toString('base64'), isBase64Encoded: true };
      const { status } = await post(`${route}${query}`, { headers, raw });
      seen.set(status, (seen.get(status) ?? 0) + 1);
      expect(status).toBeLessThan(500);
      if (isGenuine) reached += published() - before;
      else expect(published()).toBe(before);
    }),
    { numRuns: webhooks },
  );
  // The test would prove little if all webhooks were genuine, or none.
  expect(reached).toBeGreaterThan(webhooks / 100);
  for (const status of [200, 202, 400, 401]) expect(seen.get(status)).toBeGreaterThan(0);
});
