import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { Request } from '../lib/notices/ingest.ts';
import { mapEvent, visitorIdOf } from '../lib/orders/map-event.ts';
import { parseJson } from '../lib/runtime/parse.ts';
import { createPartnerReader } from '../lib/sources/partners.ts';
import { partnerSources } from '../tools/aws/account.ts';
import { configWith } from './support/config.ts';
import { located, readLocated } from './support/events.ts';

const folder = new URL('../events/', import.meta.url);
const files = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => name);
const textOf = (file: string) => readFileSync(new URL(file, folder), 'utf8');

const bodies = z.object({
  Records: z.array(z.object({ body: z.string(), md5OfBody: z.string(), eventSource: z.literal('aws:sqs') })),
});

const recordsIn = (sample: string) =>
  parseJson(bodies, textOf(`push-message.${sample}.json`), sample).Records;

const map = mapEvent({
  config: configWith(),
  visitorIdOf: (customerId) => visitorIdOf('secret', customerId),
});
const readPartner = createPartnerReader(partnerSources);

const requestsIn = (sample: string): Request[] =>
  recordsIn(sample).flatMap(({ body }) => {
    const event = parseJson(z.unknown(), body, 'The event');
    const partner = readPartner(event);
    if (partner?.kind === 'ignored') return [];
    return (partner?.events.map(located) ?? [readLocated(event)]).flatMap(map);
  });

const visitor = 'kZMvWhf8npAu3H6qd57w2Hv6nh6rnxvg';
const otherVisitor = 'Xq3vZt8LmB2sKd7wRf5nHy6cPj9gTa4e';
const customer42 = visitorIdOf('secret', '42');
const tracking = 'https://tracking.example.com';

/** The requests that each sample makes: reference, visitor and text. */
const asked: Record<string, string[][]> = {
  'announcement-published': [
    [
      `announcement:winter-sale:${visitor}`,
      visitor,
      'Nos soldes d’hiver ont commencé : 20 % sur tous les thés jusqu’à dimanche.',
    ],
    [
      `announcement:winter-sale:${otherVisitor}`,
      otherVisitor,
      'Nos soldes d’hiver ont commencé : 20 % sur tous les thés jusqu’à dimanche.',
    ],
  ],
  'commercetools-partner-order-created': [
    ['order:9f0c3f6e-5a1d-4a53-8a6c-0d8f0c1b2e11', visitor, 'de paid CT-2001 42,00 €'],
  ],
  'commercetools-partner-parcel-added': [
    ['order:9f0c3f6e-5a1d-4a53-8a6c-0d8f0c1b2e11/shipment:par-1', 'nobody named', 'en shipped CT-2001 DHL'],
  ],
  'commercetools-partner-payload-missing': [],
  'commercetools-partner-test': [],
  'new-tracking-link': [
    ['order:1001', visitor, `fr shipped #1001 Postes Canada ${tracking}/ca/7023210039414604`],
  ],
  'notice-requested': [
    [`back-in-stock:teapot:${visitor}`, visitor, 'The teapot you asked about is back in stock.'],
  ],
  'notice-withdrawn': [[`back-in-stock:teapot:${visitor}`]],
  'order-cancelled': [['order:1003', visitor, 'en cancelled #1003']],
  'order-delayed': [['order:1001', visitor, `fr delayed #1001 ${tracking}/ca/7023210039414604`]],
  'order-delivered': [['order:1002', customer42, 'de delivered #1002']],
  'order-delivery-failed': [
    ['order:1001', visitor, `fr delivery_failed #1001 ${tracking}/ca/7023210039414604`],
  ],
  'order-out-for-delivery': [
    ['order:1001', visitor, `fr out_for_delivery #1001 ${tracking}/ca/7023210039414604`],
  ],
  'order-paid': [['order:1001', visitor, 'en paid #1001 CA$49.90']],
  'order-payment-failed': [['order:1002', customer42, 'de payment_failed #1002']],
  'order-pending': [['order:1001', visitor, 'en pending #1001 CA$49.90']],
  'order-processing': [['order:1001', visitor, 'en processing #1001']],
  'order-ready-for-pickup': [
    ['order:1001', visitor, `fr ready_for_pickup #1001 ${tracking}/ca/7023210039414604`],
  ],
  'order-refunded': [['order:1001/refund:9', 'nobody named', 'en refunded 1001']],
  'order-reopened': [['order:1003', visitor, 'en processing #1003', 'reopens']],
  'order-shipped': [['order:1001', visitor, `fr shipped #1001 Postes Canada ${tracking}/7023210039414604`]],
  'parcel-delivered': [['order:unknown', 'nobody named', 'en delivered unknown']],
  'parcel-out-for-delivery': [['order:unknown', 'nobody named', 'en out_for_delivery unknown']],
  'parcel-unknown': [['order:unknown', 'nobody named', 'en shipped unknown']],
  'shopify-partner-access-denied': [],
  'shopify-partner-order-paid': [['order:6120478310577', visitor, 'fr paid #1001 50,50 $']],
  'shopify-partner-order-shipped': [
    [
      'order:6120478310888/shipment:5523019800001',
      visitor,
      `fr shipped #1003 24,50 $ Postes Canada ${tracking}/ca/7023210039419999`,
    ],
  ],
  'stripe-partner-payment-succeeded': [['order:7001', visitor, 'en paid ES-7001 €34.80']],
  'stripe-partner-thin-event': [],
  'second-parcel-shipped': [
    ['order:1001/shipment:2', visitor, `fr shipped #1001 Postes Canada ${tracking}/7023210039414611`],
  ],
};

/** Why the invalid samples are refused. */
const refused: Record<string, string> = {
  'missing-fields':
    'The event order.status_changed is invalid: ' +
    'detail.data.orderId: expected a string or a whole number; ' +
    'detail.data.status: is missing; ' +
    'detail.data.occurredAt: expected a time with its zone, such as 2026-03-01T09:30:00Z',
  'not-json': 'The event is invalid: not JSON',
  'unknown-type':
    'The event is invalid: detail-type: Invalid option: expected one of ' +
    '"order.status_changed"|"parcel.status_changed"|"announcement.published"|"notice.requested"|"notice.withdrawn"|' +
    '"message.seen"',
  'wrong-status':
    "The event order.status_changed is invalid: detail.data.status: 'teleported' is not one of pending, " +
    'payment_failed, on_hold, paid, processing, shipped, delayed, out_for_delivery, delivery_failed, ' +
    'ready_for_pickup, delivered, cancelled, returned, refunded, and not in the statusMap of bridge.config.ts',
};

const summary = (request: Request): (string | undefined)[] => {
  switch (request.kind) {
    case 'desire': {
      const { reference, visitorId = 'nobody named', reopens, desired } = request.incoming;
      return [reference, visitorId, desired.text?.replaceAll(/\s/g, ' '), ...(reopens ? ['reopens'] : [])];
    }
    case 'withdraw':
      return [request.reference];
    case 'identify':
      return [request.order, request.visitorId];
    case 'seen':
      return [request.messageId, request.visitorId, request.text];
  }
};

test('every sample is named after its function and case, and has a description', () => {
  const functions = readdirSync(new URL('../functions/', import.meta.url)).map((file) =>
    file.replace(/\.ts$/, ''),
  );
  for (const file of files) {
    const [name, sample, ...rest] = file.split('.');
    expect(functions, file).toContain(name);
    expect(sample, file).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(rest, file).toEqual(['json']);
  }
  const samples = files
    .filter((file) => file.startsWith('push-message.'))
    .map((file) => file.split('.')[1])
    .toSorted();
  expect(samples).toEqual([...Object.keys(asked), ...Object.keys(refused)].toSorted());
});

describe('push-message', () => {
  test.each(Object.entries(asked))('the sample %s makes the expected requests', (sample, expected) => {
    expect(requestsIn(sample).map(summary)).toEqual(expected);
  });

  test.each(Object.entries(refused))(
    'the sample %s is refused with the expected reason',
    (sample, reason) => {
      expect(() => requestsIn(sample)).toThrow(
        expect.objectContaining({ name: 'InvalidInput', message: reason }),
      );
    },
  );

  test.each([...Object.keys(asked), ...Object.keys(refused)])(
    'the sample %s is a message as SQS delivers it',
    (sample) => {
      const records = recordsIn(sample);
      expect(records).not.toEqual([]);
      for (const { body, md5OfBody } of records)
        expect(createHash('md5').update(body).digest('hex')).toBe(md5OfBody);
    },
  );

  test('all samples take place on one day', () => {
    const own = Object.keys(asked).filter((sample) => !sample.includes('-partner-'));
    const times = own.flatMap((sample) =>
      recordsIn(sample).flatMap(({ body }) => body.match(/"(occurredAt|timestamp|time)":"[^"]*"/g) ?? []),
    );
    expect(times).toHaveLength(3 * own.length);
    for (const time of times) expect(time).toContain('"2026-01-15T');
  });
});

test('ping-presence.scheduled is an event of a schedule', () => {
  expect(JSON.parse(textOf('ping-presence.scheduled.json'))).toMatchObject({
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    detail: '{}',
  });
});
