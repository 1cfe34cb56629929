import { createHmac } from 'node:crypto';
import { test as law } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sign, webhookSecrets } from '../../../tools/samples/webhooks.ts';
import { noon } from '../../support/incoming.ts';
import { flipped, opens, webhook } from './opening.ts';

const signing = ['shopify', 'woocommerce', 'stripe', 'standard'] as const;
const all = [...signing, 'brevo'] as const;

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
      if (name !== 'brevo' && other !== 'brevo')
        expect(opens(other, given, [webhookSecrets[name]])).toBe(false);
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
      const encoding = name === 'stripe' ? 'hex' : 'base64';
      const broken = Object.fromEntries(
        Object.entries(headers).map(([header, value]) => {
          const [prefix = '', encoded = ''] = /^((?:t=\d+,v1=|v1,)?)(.*)$/.exec(value)?.slice(1) ?? [];
          if (!header.endsWith('signature') && !header.endsWith('sha256')) return [header, value];
          return [header, `${prefix}${flipped(Buffer.from(encoded, encoding), bit).toString(encoding)}`];
        }),
      );
      expect(opens(name, webhook(body, broken))).toBe(false);
    },
  );

  law.prop([fc.constantFrom('stripe', 'standard'), bodies, fc.integer({ min: 0, max: 8 })])(
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
    const respelled = Object.fromEntries(
      Object.entries(headers).map(([header, value]) => {
        if (!header.endsWith('signature') && !header.endsWith('sha256')) return [header, value];
        const start = value.lastIndexOf(name === 'stripe' ? '=' : ',') + 1;
        const index = start + (at % (value.length - start));
        const other = String.fromCharCode(value.charCodeAt(index) ^ (1 << bit));
        return [header, value.slice(0, index) + other + value.slice(index + 1)];
      }),
    );
    expect(opens(name, webhook(body, respelled))).toBe(false);
  });

  test.each(signing)('of %s is not valid with additional characters', (name) => {
    const headers = sign(name, { body: '{}', now: noon });
    const around = (change: (value: string) => string) =>
      Object.fromEntries(
        Object.entries(headers).map(([header, value]) => [
          header,
          /signature|sha256/.test(header) ? change(value) : value,
        ]),
      );
    const bare = (value: string) => value.replace(/=+$/, '');
    const changes = [
      (value: string) => `${value}\n`,
      (value: string) => `${value}A`,
      (value: string) => `${value}==`,
    ];
    for (const change of name === 'stripe' ? changes : [...changes, bare])
      expect(opens(name, webhook('{}', around(change)))).toBe(false);
  });

  test.each(['stripe', 'standard'] as const)(
    'of %s is valid for five minutes before and after its time',
    (name) => {
      const given = webhook('{}', sign(name, { body: '{}', now: noon }));
      for (const seconds of [-300, 0, 300])
        expect(opens(name, given, undefined, noon + seconds * 1000)).toBe(true);
      for (const milliseconds of [-300_001, 300_001])
        expect(opens(name, given, undefined, noon + milliseconds)).toBe(false);
    },
  );

  test.each(signing)('of %s is not valid with an empty secret', (name) => {
    const body = '{}';
    const hmac = (encoding: 'base64' | 'hex', content: string) =>
      createHmac('sha256', '').update(content).digest(encoding);
    const seconds = String(Math.floor(noon / 1000));
    const headers = {
      'x-shopify-hmac-sha256': hmac('base64', body),
      'x-wc-webhook-signature': hmac('base64', body),
      'stripe-signature': `t=${seconds},v1=${hmac('hex', `${seconds}.${body}`)}`,
      'webhook-id': 'm1',
      'webhook-timestamp': seconds,
      'webhook-signature': `v1,${hmac('base64', `m1.${seconds}.${body}`)}`,
    };
    for (const secrets of [[''], ['whsec_'], []])
      expect(opens(name, webhook(body, headers), secrets)).toBe(false);
  });
});
