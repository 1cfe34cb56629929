import { describe, expect, test } from 'vitest';
import { standard } from '../../../lib/sources/standard/standard.ts';
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
  ])('%s', (_, body, at) => {
    expect(read(body)).toEqual([{ type, id: 'msg_1', at: Date.parse(at), data }]);
  });

  test.each([
    ['order.status_changed', data],
    [
      'announcement.published',
      { announcementId: 's', visitorIds: ['v'], text: 'Hi', occurredAt: data.occurredAt },
    ],
    ['notice.requested', { reference: 'own', visitorId: 'v', text: 'Hi', occurredAt: data.occurredAt }],
    ['notice.withdrawn', { reference: 'order:A1', occurredAt: data.occurredAt }],
  ])('may be %s', (each, its) => {
    expect(read({ type: each, data: its })).toEqual([expect.objectContaining({ type: each, data: its })]);
  });

  test('has the id of the older headers where those are sent', () => {
    const older = { 'svix-id': 'msg_2', 'svix-timestamp': seconds, 'svix-signature': 'v1,AAAA' };
    expect(read({ type, data }, older)).toEqual([expect.objectContaining({ id: 'msg_2' })]);
  });
});

test.each([
  ['invoice.paid', 'unknown type: invoice.paid'],
  ['message.seen', 'unknown type: message.seen'],
  ['conversation.started', 'unknown type: conversation.started'],
])('%s is not for this source to tell', (other, reason) => {
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
  [Buffer.from('{'), 'not JSON in UTF-8'],
])('a wrong one is refused with every field at fault %#', (body, message) => {
  expect(() => read(body)).toThrow(message);
});

test('without the signed headers nothing is read', () => {
  expect(() => read({ type, data }, {})).toThrow('webhook-id: is missing');
});
