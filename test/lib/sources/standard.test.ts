import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { standard } from '../../../lib/sources/standard/standard.ts';
import { flipped, opens, webhook } from './opening.ts';
import { arrival, readingOf } from './reading.ts';

const seconds = String(arrival / 1000 - 20);
const signed = { 'webhook-id': 'msg_1', 'webhook-timestamp': seconds, 'webhook-signature': 'v1,AAAA' };
const data = { orderId: 'A1', status: 'paid', occurredAt: '2026-01-15T09:20:00Z', total: 7 };
const type = 'order.status_changed';
const read = (body: unknown, headers: Record<string, string> = signed) => readingOf(standard, body, headers);

describe('an event', () => {
  test.each([
    ['with its time', { type, timestamp: '2026-01-15T09:21:00Z', data }, '2026-01-15T09:21:00.000Z'],
    ['dated by the signed time', { type, data }, '2026-01-15T09:29:40.000Z'],
    ['without a time', { type, timestamp: null, metadata: null, data }, '2026-01-15T09:29:40.000Z'],
    [
      'as it goes on the bus',
      { type, metadata: { id: 'e1', timestamp: '2026-01-15T10:22:00+01:00' }, data },
      '2026-01-15T09:22:00.000Z',
    ],
    [
      'whose type is in its metadata',
      { metadata: { type, timestamp: '2026-01-15T09:22:00Z' }, data },
      '2026-01-15T09:22:00.000Z',
    ],
    ['from the future', { type, timestamp: '2027-01-15T09:21:00Z', data }, '2026-01-15T09:29:40.000Z'],
  ])('%s is read', (_, body, at) => {
    expect(read(body)).toEqual([{ type, id: 'msg_1', at: Date.parse(at), data }]);
  });

  test.each([
    ['order.status_changed', data],
    ['parcel.status_changed', { trackingNumber: 'T1', status: 'shipped', occurredAt: data.occurredAt }],
    [
      'announcement.published',
      { announcementId: 's', visitorIds: ['v'], text: 'Hi', occurredAt: data.occurredAt },
    ],
    ['notice.requested', { reference: 'own', visitorId: 'v', text: 'Hi', occurredAt: data.occurredAt }],
    ['notice.withdrawn', { reference: 'order:A1', occurredAt: data.occurredAt }],
  ])('may have the type %s', (each, its) => {
    expect(read({ type: each, data: its })).toEqual([expect.objectContaining({ type: each, data: its })]);
  });

  test('has the id from the older headers if those are sent', () => {
    const older = { 'svix-id': 'msg_2', 'svix-timestamp': seconds, 'svix-signature': 'v1,AAAA' };
    expect(read({ type, data }, older)).toEqual([expect.objectContaining({ id: 'msg_2' })]);
  });
});

test.each([
  ['invoice.paid', 'unknown type: invoice.paid'],
  ['message.seen', 'unknown type: message.seen'],
  ['conversation.started', 'unknown type: conversation.started'],
])('the type %s is ignored', (other, reason) => {
  expect(read({ type: other, data: { anything: true } })).toBe(reason);
});

test.each([
  [
    { type, data: {} },
    'data.orderId: expected a string or a whole number; data.status: is missing; data.occurredAt: ',
  ],
  [{ type, timestamp: 'noon', data: { ...data, status: 7 } }, /: timestamp: .*; data\.status: /],
  [{ type, metadata: { timestamp: 5 }, data }, /: metadata\.timestamp: /],
  [{ type }, 'data: '],
  [{ type, data: [] }, 'data: '],
  [{ data }, 'type: is missing'],
  [{ type: 7, data }, 'type: '],
  [null, 'The webhook is invalid'],
  [Buffer.from('{'), 'not valid JSON in UTF-8'],
])('an invalid event is refused, and the error names every invalid field %#', (body, message) => {
  expect(() => read(body)).toThrow(message);
});

test('without the signed headers nothing is read', () => {
  expect(() => read({ type, data }, {})).toThrow('webhook-id: is missing');
});

describe('Standard Webhooks', () => {
  const vector = {
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    body: '{"test": 2432232314}',
    now: 1_614_265_330_000,
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
  };
  const check = (headers: Record<string, string>) =>
    opens('standard', webhook(vector.body, { ...vector.headers, ...headers }), [vector.secret], vector.now);

  test('the example of the specification is genuine', () => expect(check({})).toBe(true));

  test.each([
    ['webhook-timestamp', '1614265330junk'],
    ['webhook-timestamp', ' 1614265330'],
    ['webhook-timestamp', '1614265331'],
    ['webhook-id', 'msg_other'],
    ['webhook-signature', 'v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
    ['webhook-signature', 'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
    ['webhook-signature', ''],
  ])('the example is refused with the header %s: %s', (header, value) =>
    expect(check({ [header]: value })).toBe(false),
  );

  test.each([
    ['with a full stop, which would make its end ambiguous', 'msg.1'],
    ['with a space', 'msg 1'],
    ['that is empty', ''],
  ])('a webhook with an id %s is refused', (_, id) => {
    const key = Buffer.from(vector.secret.slice('whsec_'.length), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.1614265330.${vector.body}`).digest('base64');
    expect(check({ 'webhook-id': id, 'webhook-signature': `v1,${signature}` })).toBe(false);
  });

  test('the older headers are accepted, but not mixed with the newer ones', () => {
    const older = Object.fromEntries(
      Object.entries(vector.headers).map(([name, value]) => [name.replace('webhook', 'svix'), value]),
    );
    const checkOlder = (headers: Record<string, string>) =>
      opens('standard', webhook(vector.body, headers), [vector.secret], vector.now);
    expect(checkOlder(older)).toBe(true);
    for (const [name, value] of Object.entries(vector.headers)) {
      expect(checkOlder({ ...older, [name]: value })).toBe(false);
      const without = Object.fromEntries(
        Object.entries(older).filter(([each]) => !name.endsWith(each.slice(5))),
      );
      expect(checkOlder(without)).toBe(false);
      expect(checkOlder({ ...without, [name]: value })).toBe(false);
    }
  });

  test('a webhook with more signatures than any sender needs is refused', () => {
    const right = vector.headers['webhook-signature'];
    expect(check({ 'webhook-signature': Array(16).fill(right).join(' ') })).toBe(true);
    expect(check({ 'webhook-signature': Array(17).fill(right).join(' ') })).toBe(false);
  });

  test('a secret without its prefix is ignored', () => {
    const bare = vector.secret.slice('whsec_'.length);
    expect(opens('standard', webhook(vector.body, vector.headers), [bare], vector.now)).toBe(false);
  });

  test('one valid signature among several is enough, as during a rotation', () => {
    const [, right] = vector.headers['webhook-signature'].split(',');
    expect(check({ 'webhook-signature': `v1,AAAA v2,${right} v1,${right}` })).toBe(true);
  });

  test('a public key accepts signatures of its private key, and nothing else', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
    const secret = `whpk_${raw.toString('base64')}`;
    const content = Buffer.from(`m1.1614265330.${vector.body}`);
    const signature = signWith(null, content, privateKey).toString('base64');
    const given = (versioned: string) =>
      webhook(vector.body, {
        'webhook-id': 'm1',
        'webhook-timestamp': '1614265330',
        'webhook-signature': versioned,
      });
    const opensPair = (versioned: string, secrets = [secret]) =>
      opens('standard', given(versioned), secrets, vector.now);
    expect(opensPair(`v1a,${signature}`)).toBe(true);
    expect(opensPair(`v1,AAAA v1a,${signature}`, [vector.secret, secret])).toBe(true);
    expect(opensPair(`v1,${signature}`)).toBe(false);
    expect(opensPair(`v1a,${signature}`, [vector.secret])).toBe(false);
    // Anyone who knows the public key could sign with it if it were used as a shared secret.
    const forged = createHmac('sha256', raw).update(content).digest('base64');
    expect(opensPair(`v1,${forged}`)).toBe(false);
    for (let bit = 0; bit < 64 * 8; bit += 7) {
      const broken = flipped(Buffer.from(signature, 'base64'), bit).toString('base64');
      expect(opensPair(`v1a,${broken}`)).toBe(false);
    }
  });

  test.each([0, 31, 33])('a public key of %d bytes is ignored', (length) => {
    const secret = `whpk_${Buffer.alloc(length, 1).toString('base64')}`;
    const signature = `v1a,${Buffer.alloc(64, 1).toString('base64')}`;
    const given = webhook(vector.body, { ...vector.headers, 'webhook-signature': signature });
    expect(opens('standard', given, [secret], vector.now)).toBe(false);
  });
});
