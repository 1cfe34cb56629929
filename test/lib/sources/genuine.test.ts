import { test as law } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sources } from '../../../lib/sources/sources.ts';
import { secretOf, sign } from '../../../tools/samples/webhooks.ts';
import { noon } from '../../support/incoming.ts';
import { builtIn, flipped, opens, timed, webhook } from './opening.ts';

const all = Object.keys(sources);
/** Brevo signs nothing. */
const signing = all.filter((name) => name !== 'brevo');

const inHex = /[0-9a-f]{64}/;
/** A signature within a header: in hexadecimal or in base64. */
const signatureIn = (value: string): RegExpExecArray | null =>
  inHex.exec(value) ?? /[A-Za-z0-9+/]{43}=/.exec(value);

/** The headers with another signature. */
const resigned = (headers: Record<string, string>, change: (signature: string) => string) =>
  Object.fromEntries(
    Object.entries(headers).map(([header, value]) => {
      const [signature] = signatureIn(value) ?? [];
      return [header, signature === undefined ? value : value.replace(signature, change(signature))];
    }),
  );

const bodies = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes));

describe('a signature', () => {
  law.prop([fc.constantFrom(...signing), bodies])(
    'is valid for its own source, whatever the body',
    (name, body) => {
      expect(opens(name, webhook(body, sign(name, { body, now: noon })))).toBe(true);
    },
  );

  law.prop([fc.constantFrom(...all), fc.constantFrom(...all), bodies], { numRuns: 300 })(
    'is not valid for another source, even with the same secret',
    (name, other, body) => {
      fc.pre(name !== other);
      const given = webhook(body, sign(name, { body, now: noon }));
      expect(opens(other, given)).toBe(false);
      if (name !== 'brevo' && other !== 'brevo') expect(opens(other, given, [secretOf(name)])).toBe(false);
    },
  );

  law.prop([fc.constantFrom(...signing), bodies, fc.nat()], { numRuns: 1_500 })(
    'is not valid if a bit of the body is flipped',
    (name, body, bit) => {
      const headers = sign(name, { body, now: noon });
      expect(opens(name, webhook(flipped(body, bit), headers))).toBe(false);
    },
  );

  law.prop([fc.constantFrom(...signing), bodies, fc.nat()], { numRuns: 1_500 })(
    'is not valid if a bit of it is flipped',
    (name, body, bit) => {
      const headers = sign(name, { body, now: noon });
      const broken = resigned(headers, (signature) => {
        const encoding = inHex.test(signature) ? 'hex' : 'base64';
        return flipped(Buffer.from(signature, encoding), bit).toString(encoding);
      });
      expect(broken).not.toEqual(headers);
      expect(opens(name, webhook(body, broken))).toBe(false);
    },
  );

  law.prop([fc.constantFrom(...timed), bodies, fc.integer({ min: 0, max: 8 })])(
    'is not valid if a bit of its time is flipped',
    (name, body, bit) => {
      const headers = sign(name, { body, now: noon });
      const seconds = Math.floor(noon / 1000);
      const other = String(seconds ^ (1 << bit));
      const moved = Object.fromEntries(
        Object.entries(headers).map(([header, value]) => [header, value.replace(String(seconds), other)]),
      );
      expect(opens(name, webhook(body, moved))).toBe(false);
    },
  );

  law.prop([fc.constantFrom(...signing), bodies, fc.nat(), fc.integer({ min: 0, max: 6 })], {
    numRuns: 1_500,
  })('is not valid if one of its characters is changed', (name, body, at, bit) => {
    const headers = sign(name, { body, now: noon });
    const respelled = resigned(headers, (signature) => {
      const index = at % signature.length;
      const other = String.fromCharCode(signature.charCodeAt(index) ^ (1 << bit));
      return signature.slice(0, index) + other + signature.slice(index + 1);
    });
    expect(opens(name, webhook(body, respelled))).toBe(false);
  });

  test.each(signing)('of %s is not valid with additional characters', (name) => {
    const headers = sign(name, { body: '{}', now: noon });
    for (const more of ['\n', 'A', '==', '00'])
      expect(
        opens(
          name,
          webhook(
            '{}',
            resigned(headers, (signature) => signature + more),
          ),
        ),
      ).toBe(false);
    const bare = resigned(headers, (signature) => signature.slice(0, -1));
    expect(opens(name, webhook('{}', bare))).toBe(false);
  });

  test('has a time if it is one of Stripe or Standard Webhooks', () => {
    expect(timed).toEqual(expect.arrayContaining(['stripe', 'standard']));
  });

  test.each(timed)('of %s is valid for five minutes before and after its time', (name) => {
    const given = webhook('{}', sign(name, { body: '{}', now: noon }));
    for (const seconds of [-300, 0, 300])
      expect(opens(name, given, undefined, noon + seconds * 1000)).toBe(true);
    for (const milliseconds of [-300_001, 300_001])
      expect(opens(name, given, undefined, noon + milliseconds)).toBe(false);
  });

  test.each(signing)('of %s is not valid with an empty secret', (name) => {
    const headers = builtIn(name).sign?.({ body: '{}', secret: '', now: noon, id: 'm1' }) ?? {};
    for (const secrets of [[''], ['whsec_'], []])
      expect(opens(name, webhook('{}', headers), secrets)).toBe(false);
  });
});
