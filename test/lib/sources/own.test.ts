import { generateKeyPairSync, sign as signWith } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { InvalidInput } from '../../../lib/runtime/parse.ts';
import { hmacSource, publicKeySource, standardSource, tokenSource } from '../../../lib/sources/own.ts';
import type { Source } from '../../../lib/sources/source.ts';
import { secretOf, sign } from '../../../tools/samples/webhooks.ts';
import { noon } from '../../support/incoming.ts';
import { flipped, webhook } from './opening.ts';
import { readingOf } from './reading.ts';

const order = z.object({ order: z.object({ id: z.int(), state: z.string(), at: z.string() }) });
const reader = {
  body: order,
  read: ({ order: { id, state, at } }: z.output<typeof order>) => [
    { type: 'order.status_changed' as const, data: { orderId: id, status: state, occurredAt: at } },
  ],
};
const body = JSON.stringify({ order: { id: 7, state: 'paid', at: '2026-01-15T09:00:00Z' } });

const signature = { header: 'X-Acme-Signature', encoding: 'hex', prefix: 'sha256=' } as const;
const slack = { header: 'x-time', before: (time: string) => `v0:${time}:` };

const schemes: Record<string, Source> = {
  'over-the-body': hmacSource({ ...signature, ...reader }),
  'in-base64': hmacSource({ header: 'x-hmac', encoding: 'base64', ...reader }),
  'by-sha512': hmacSource({ ...signature, algorithm: 'sha512', ...reader }),
  'over-time-and-body': hmacSource({ ...signature, timestamp: { header: 'x-time' }, ...reader }),
  'as-slack-does': hmacSource({ ...signature, prefix: 'v0=', timestamp: slack, ...reader }),
  'standard-webhooks': standardSource(reader),
  'by-token': tokenSource({ header: 'x-token', prefix: 'Token ', ...reader }),
};
const names = Object.keys(schemes);
const timed = ['over-time-and-body', 'as-slack-does', 'standard-webhooks'];

const refusalOf = (name: string, headers: Record<string, string>, bytes: string | Buffer, now = noon) =>
  schemes[name]?.refusal(webhook(bytes, headers), [secretOf(name, schemes)], { now, toleranceSeconds: 300 });

describe.each(names)('a webhook of a source of one’s own that is proven %s', (name) => {
  const headers = sign(name, { body, now: noon }, schemes);

  test('is genuine', () => expect(refusalOf(name, headers, body)).toBeUndefined());

  test('is refused without its header, with another secret, and with an empty one', () => {
    expect(refusalOf(name, {}, body)).toBe('no signature header');
    const secrets = (some: string[]) =>
      schemes[name]?.refusal(webhook(body, headers), some, { now: noon, toleranceSeconds: 300 });
    for (const some of [[], [''], ['whsec_'], ['another']]) expect(secrets(some)).toMatch(/match/);
  });
});

test.each(names.filter((name) => name !== 'by-token'))('a changed body is refused: %s', (name) => {
  const headers = sign(name, { body, now: noon }, schemes);
  expect(refusalOf(name, headers, flipped(Buffer.from(body), 3))).toMatch(/match/);
});

test.each(timed)('an old webhook, and one with another time, is refused: %s', (name) => {
  const headers = sign(name, { body, now: noon }, schemes);
  expect(refusalOf(name, headers, body, noon + 301_000)).toMatch(/^signed 301 seconds ago/);
  const later = Object.entries(headers).map(([header, value]) => [
    header,
    value === `${noon / 1000}` ? `${noon / 1000 + 1}` : value,
  ]);
  expect(refusalOf(name, Object.fromEntries(later), body)).toMatch(/match/);
});

describe('a public key', () => {
  const pairs = {
    'rsa-sha256': generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ed25519: generateKeyPairSync('ed25519'),
  } as const;
  const pem = (algorithm: keyof typeof pairs) =>
    pairs[algorithm].publicKey.export({ type: 'spki', format: 'pem' }).toString();

  test.each(['rsa-sha256', 'ed25519'] as const)('verifies what its private key signed: %s', (algorithm) => {
    const source = publicKeySource({ header: 'x-signature', encoding: 'base64', algorithm, ...reader });
    const digest = algorithm === 'ed25519' ? null : 'sha256';
    const signed = signWith(digest, Buffer.from(body), pairs[algorithm].privateKey).toString('base64');
    const refused = (keys: string[], bytes = body) =>
      source.refusal(webhook(bytes, { 'x-signature': signed }), keys, { now: noon, toleranceSeconds: 300 });
    expect(refused([pem(algorithm)])).toBeUndefined();
    expect(refused(['no key', pem(algorithm)])).toBeUndefined();
    expect(refused([pem(algorithm)], `${body} `)).toMatch(/match/);
    for (const keys of [[], [''], ['no key'], [pem(algorithm === 'ed25519' ? 'rsa-sha256' : 'ed25519')]])
      expect(refused(keys)).toMatch(/match/);
    expect(source.sign).toBeUndefined();
  });
});

describe('what a source of one’s own reads', () => {
  const read = (from: Parameters<typeof hmacSource>[0]['read'], given: unknown = { any: 1 }) =>
    readingOf(hmacSource({ ...signature, read: from }), given);
  const paid = { orderId: 7, status: 'paid', occurredAt: '2026-01-15T09:00:00Z' };

  test('is an event with an id that a repeated webhook has too', () => {
    const events = [{ type: 'order.status_changed', data: paid }] as const;
    const at = Date.parse(paid.occurredAt);
    expect(read(() => events)).toEqual([
      { type: 'order.status_changed', id: expect.any(String), at, data: paid },
    ]);
    expect(read(() => events)).toEqual(read(() => events));
    expect(read(() => [{ type: 'order.status_changed', data: { ...paid, status: 'shipped' } }])).not.toEqual(
      read(() => events),
    );
  });

  test('may be nothing, with the reason', () => {
    expect(read(() => [])).toBe('the source reads no event in it');
    expect(read(() => 'a draft')).toBe('a draft');
  });

  test('is checked as any event is: each invalid field is named', () => {
    const wrong = { ...paid, orderId: '', occurredAt: '2026-01-15 09:00' };
    expect(() =>
      read(() => [
        { type: 'order.status_changed', data: paid },
        { type: 'order.status_changed', data: wrong },
      ]),
    ).toThrow(/events\.1\.orderId: .*events\.1\.occurredAt: /);
  });

  test('is a body of the expected shape, or each invalid field is named', () => {
    const source = hmacSource({ ...signature, ...reader });
    expect(() => readingOf(source, { order: { id: 'x', at: 1 } })).toThrow(
      /order\.id: .*order\.state: is missing; order\.at: /,
    );
  });

  test('is an error of its author if it throws, which quotes nothing of the webhook', () => {
    const failing = (error: Error) => () =>
      read(() => {
        throw error;
      });
    expect(failing(new TypeError('x is not a function'))).toThrow(InvalidInput);
    expect(failing(new TypeError('x is not a function'))).toThrow(/failed: x is not a function/);
    expect(failing(new Error('ada@example.com'))).toThrow(/failed: Error$/);
  });
});

describe('an example of the documents', () => {
  const exampleIn = (file: string): Record<string, Source> => {
    const block = readFileSync(file, 'utf8')
      .split('```')
      .find((each) => each.startsWith('ts\n') && each.includes('hmacSource({'));
    const [example = ''] = /^sources: \{.*?^\},/ms.exec(block ?? '') ?? [];
    const made: unknown = runInNewContext(`({ ${example} }).sources`, { hmacSource, z });
    return z.record(z.string(), z.custom<Source>()).parse(made);
  };

  test('reads what ParcelPanel sends', () => {
    const all = exampleIn('README.md');
    const sent = JSON.stringify({
      order_number: '#1001',
      tracking_number: '3SABC',
      status: 'DELIVERED',
      order_id: 1,
    });
    const headers = sign('parcelpanel', { body: sent, now: noon }, all);
    const secret = secretOf('parcelpanel', all);
    const clock = { now: noon, toleranceSeconds: 300 };
    expect(all.parcelpanel?.refusal(webhook(sent, headers), [secret], clock)).toBeUndefined();
    expect(Object.keys(headers)).toEqual(['x-parcelpanel-hmac-sha256']);
  });

  test('reads what Acme sends, and says why a draft is nothing', () => {
    const { acme } = exampleIn('docs/webhooks.md');
    if (acme === undefined) throw new Error('there is no example');
    const sent = { order: 7, state: 'paid', at: '2026-01-15T09:00:00Z', customer: '5' };
    expect(readingOf(acme, sent)).toMatchObject([{ data: { orderId: 7, customerId: 'acme:5' } }]);
    expect(readingOf(acme, { ...sent, state: 'draft' })).toBe('a draft');
  });
});
