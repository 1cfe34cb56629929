import { fc, test as law } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { ingest, processBatch } from '../../../lib/notices/ingest.ts';
import { blankNotice, type Notice, tombstoneOf } from '../../../lib/notices/notice.ts';
import { record } from '../../../lib/notices/record.ts';
import { mapEvent } from '../../../lib/orders/map-event.ts';
import { startBridge } from '../../support/bridge.ts';
import { configWith } from '../../support/config.ts';
import { busEvent, readLocated, sqsRecord, statusChanged } from '../../support/events.ts';
import { lease, noon } from '../../support/incoming.ts';
import { requestsOf, startTestStore } from '../../support/stack.ts';
import { webhookSamples } from '../../support/webhook-samples.ts';
import { builtIn } from '../sources/opening.ts';

const map = mapEvent({ config: configWith(), visitorIdOf: (customerId) => customerId });

const eventOf = (given: Parameters<typeof statusChanged>[0]) =>
  readLocated(busEvent(statusChanged({ visitorId: undefined, ...given })));

const storedTexts = z.array(z.object({ text: z.string() }));

/** A store, and the shop that puts events into it. `at` in milliseconds after noon. */
const start = async () => {
  const now = () => noon + 3_600_000;
  const { store, client } = await startTestStore(now);
  const happen = async (given: Parameters<typeof statusChanged>[0]) => {
    for (const request of map(eventOf(given))) await ingest({ store, now }, request, lease);
  };
  const textOf = async (reference = 'order:1001') => (await store.read(reference)).desired?.text;
  return { store, client, happen, textOf, now };
};

/** A notice whose text is in the chat. */
const sent = ({ call: _, ...notice }: Notice): Notice => ({
  ...notice,
  messages: [{ id: 'm1', text: notice.desired?.text ?? '', status: 'paid', keep: true }],
});

const full = { orderNumber: '#1', locale: 'fr-CA', currency: 'EUR', visitorId: 'visitor-1' };
const parcel = { status: 'shipped', shipmentId: '7', at: 60_000 };

describe('the facts of an order', () => {
  test('make a later parcel’s text: its language and the order’s number', async () => {
    const { happen, textOf } = await start();
    await happen(full);
    await happen({ ...parcel, carrier: 'Colissimo' });
    expect(await textOf('order:1001/shipment:7')).toBe('fr shipped #1 Colissimo');
  });

  test('make the text of a later status of the order itself', async () => {
    const { happen, textOf } = await start();
    await happen(full);
    await happen({ status: 'cancelled', total: 12, at: 1 });
    expect(await textOf()).toBe('fr cancelled #1 12,00\u00a0€');
  });

  test('name the currency of an amount', async () => {
    const { happen, textOf } = await start();
    await happen(full);
    await happen({ ...full, currency: undefined, status: 'cancelled', total: 12, at: 1 });
    expect(await textOf()).toBe('fr cancelled #1 12,00\u00a0€');
  });

  test('make the text of a refund', async () => {
    const { happen, textOf } = await start();
    await happen(full);
    await happen({ status: 'refunded', refundId: '9', total: 5, at: 1 });
    expect(await textOf('order:1001/refund:9')).toBe('fr refunded #1 5,00\u00a0€');
  });

  test('are learned from a parcel’s event too', async () => {
    const { happen, textOf } = await start();
    await happen({ ...full, ...parcel });
    await happen({ status: 'refunded', refundId: '9', at: 1 });
    expect(await textOf('order:1001/refund:9')).toBe('fr refunded #1');
  });

  test('are learned from an event that says nothing and names no visitor', async () => {
    const { store } = await startTestStore(() => noon);
    const deps = { store, now: () => noon };
    const { texts } = configWith();
    const config = configWith({ texts: { ...texts, fr: { ...texts.fr, processing: null } } });
    const silent = mapEvent({ config, visitorIdOf: (id) => id });
    const said = eventOf({ ...full, visitorId: undefined, status: 'processing' });
    for (const event of [said, eventOf({ ...parcel, visitorId: 'visitor-1' })])
      for (const request of silent(event)) await ingest(deps, request);
    expect((await store.read('order:1001/shipment:7')).desired?.text).toBe('fr shipped #1');
  });

  test('complete what came before the visitor was known', async () => {
    const { happen, textOf, store } = await start();
    await happen(parcel);
    await happen({ status: 'refunded', at: 3 });
    expect(await textOf('order:1001/shipment:7')).toBe('en shipped 1001');
    await happen(full);
    expect(await textOf('order:1001/shipment:7')).toBe('fr shipped #1');
    expect(await textOf()).toBe('fr refunded #1');
    await happen(parcel);
    expect((await store.read('order:1001/shipment:7')).revision).toBe(1);
    expect((await store.read('order:1001')).desired).not.toHaveProperty('said');
  });

  test('are those of the newest event that named them', async () => {
    const { happen, store } = await start();
    await happen({ ...full, at: 10 });
    await happen({ ...parcel, locale: 'de', orderNumber: '#0', at: 5 });
    await happen({ ...parcel, currency: 'CHF', at: 20 });
    const { facts } = await store.read('order:1001');
    expect(facts).toEqual({
      orderNumber: { value: '#1', at: noon + 10 },
      locale: { value: 'fr-CA', at: noon + 10 },
      currency: { value: 'CHF', at: noon + 20 },
    });
  });

  test('are not learned from an event about another visitor', async () => {
    const { happen, store } = await start();
    await happen(full);
    const { facts } = await store.read('order:1001');
    await happen({ ...full, visitorId: 'visitor-2', locale: 'de', status: 'shipped', at: 1 });
    await happen({ ...parcel, visitorId: 'visitor-2', locale: 'de', at: 2 });
    expect((await store.read('order:1001')).facts).toEqual(facts);
  });

  test('do not outlive the erasure of the visitor', async () => {
    const { happen, store, textOf } = await start();
    await happen(full);
    await store.change('order:1001', (notice) => ({ ...notice, erasing: true }));
    await happen({ ...parcel, locale: 'de' });
    expect((await store.read('order:1001')).facts).toMatchObject({ locale: { value: 'fr-CA' } });
    await store.change('order:1001', (notice) => tombstoneOf(notice, noon + 50));
    await happen({ ...full, status: 'shipped', at: 40 });
    expect((await store.read('order:1001')).facts).toEqual({});
    await happen({ status: 'refunded', visitorId: 'visitor-1', at: 60 });
    expect(await textOf()).toBe('en refunded 1001');
  });
});

describe('the facts of a parcel', () => {
  const tracked = { ...parcel, carrier: 'DHL', trackingNumber: '3S', trackingUrl: 'https://t.example/3S' };

  test('make the text of a later event without them', async () => {
    const { happen, textOf } = await start();
    await happen({ ...full, ...tracked });
    await happen({ ...parcel, status: 'out_for_delivery', at: 70_000 });
    expect(await textOf('order:1001/shipment:7')).toBe('fr out_for_delivery #1 DHL https://t.example/3S');
  });

  test('are not those of another parcel', async () => {
    const { happen, textOf } = await start();
    await happen({ ...full, ...tracked });
    await happen({ ...parcel, shipmentId: '8', at: 70_000 });
    expect(await textOf('order:1001/shipment:8')).toBe('fr shipped #1');
  });

  test('are not those of the order without parcels', async () => {
    const { happen, textOf } = await start();
    await happen({ ...full, ...tracked, shipmentId: undefined });
    await happen({ ...parcel, at: 70_000 });
    expect(await textOf('order:1001/shipment:7')).toBe('fr shipped #1');
  });

  test('never mix two parcels: a number goes with its own link and carrier', async () => {
    const { happen, textOf, store } = await start();
    await happen({ ...full, ...tracked });
    await happen({ ...parcel, trackingNumber: '4T', at: 70_000 });
    expect(await textOf('order:1001/shipment:7')).toBe('fr shipped #1');
    await happen({ ...parcel, trackingUrl: 'https://t.example/4T', at: 71_000 });
    await happen({ ...parcel, status: 'out_for_delivery', trackingNumber: '3S', at: 50_000 });
    expect(await textOf('order:1001/shipment:7')).toBe('fr out_for_delivery #1');
    await happen({ ...parcel, carrier: 'UPS', trackingNumber: '3S', at: 65_000 });
    const { facts } = await store.read('order:1001/shipment:7');
    expect(facts).toMatchObject({ trackingNumber: { value: '4T', at: noon + 70_000 } });
    expect(Object.keys(facts)).not.toContain('carrier');
    expect(facts.trackingUrl?.value).toBe('https://t.example/4T');
  });
});

const anyEvent = fc.record({
  status: fc.constantFrom('pending', 'paid', 'cancelled'),
  at: fc.nat(6),
  locale: fc.constantFrom('fr', 'de', undefined),
  orderNumber: fc.constantFrom('#1', '#2'),
});
test('the database and the rules learn the same facts from every sequence of events', async () => {
  const { store, happen, now } = await start();
  let run = 0;
  const sequences = fc.array(anyEvent, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(sequences, async (events) => {
      const orderId = `order-${run++}`;
      let ruled = blankNotice(`order:${orderId}`);
      for (const each of events) {
        const event = { ...each, orderId, visitorId: 'visitor-1' };
        for (const request of map(eventOf(event)))
          if (request.kind === 'desire') ruled = record(ruled, request.incoming, now()).notice;
        await happen(event);
        const stored = await store.change(`order:${orderId}`, sent);
        ruled = sent(ruled);
        expect(stored.facts).toEqual(ruled.facts);
        expect(stored.desired).toEqual(ruled.desired);
      }
    }),
    { numRuns: 25 },
  );
});

describe('requests to the database', () => {
  test.each([
    ['a full event of a new order', [], full, ['UpdateItemCommand']],
    ['a full event of a known order', [full], { ...full, status: 'cancelled', at: 1 }, ['UpdateItemCommand']],
    ['a sparse event', [full], { status: 'cancelled', at: 1 }, ['GetItemCommand', 'PutItemCommand']],
    [
      'a full event of a parcel',
      [full],
      { ...full, ...parcel, carrier: 'DHL', trackingNumber: '3S', trackingUrl: 'https://t.example/3S' },
      ['GetItemCommand', 'UpdateItemCommand'],
    ],
    ['a sparse event of a parcel', [full], parcel, ['GetItemCommand', 'GetItemCommand', 'PutItemCommand']],
  ])('%s', async (_what, before, event, expected) => {
    const { happen, client, store } = await start();
    for (const each of before) await happen(each);
    if (before.length > 0) await store.change('order:1001', sent);
    const made = requestsOf(client);
    await happen(event);
    expect(made).toEqual(expected);
  });
});

describe('a checkout and its payment intent', () => {
  const ofCheckout = { orderNumber: 'ES-1', locale: 'fr', currency: 'EUR', total: 34.8 };
  const ofIntent = { currency: 'EUR', total: 34.8, at: 1_000 };

  test('send one message, in the language of the checkout', async () => {
    const { worker, brevo } = await startBridge();
    for (const data of [ofCheckout, ofIntent]) await processBatch(worker(), [sqsRecord(statusChanged(data))]);
    expect(await brevo.requests()).toEqual(['POST created']);
    expect(await brevo.chat()).toEqual([expect.stringMatching(/^Merci ! .*ES-1/)]);
  });

  test('send one message if the payment intent comes first, which is then put right', async () => {
    const { worker, brevo } = await startBridge();
    for (const data of [
      { ...ofIntent, at: 0 },
      { ...ofCheckout, at: 1_000 },
    ])
      await processBatch(worker(), [sqsRecord(statusChanged(data))]);
    expect(await brevo.chat()).toEqual([expect.stringMatching(/^Merci ! .*ES-1/)]);
  });
});

/** What a shop's webhooks put on the bus, as the queue delivers it. */
const recordsOf = (source: 'shopify' | 'woocommerce', isOf: (body: string) => boolean) =>
  webhookSamples
    .filter((sample) => sample.source === source && isOf(sample.body.toString()))
    .flatMap(({ headers, body, sentAt }) => {
      const reading = builtIn(source).read({ headers, query: {}, body }, sentAt);
      return reading.kind === 'events' ? reading.events : [];
    })
    .map(({ type, at, data }) => sqsRecord({ type, data, at: at - noon }));

test.each([
  ['shopify', '6120478310577', /commande #1001/],
  ['shopify', '6120481423665', /commande #1002/],
  ['woocommerce', '5001', /Bestellung 5001/],
] as const)(
  'all topics of %s order %s are in one language, whatever their order',
  async (source, id, text) => {
    const records = recordsOf(source, (body) => body.includes(id));
    expect(records.length).toBeGreaterThan(1);
    for (const inOrder of [records, records.toReversed()]) {
      const { worker, brevo, clock } = await startBridge();
      clock.now = Date.parse('2026-01-15T09:30:00Z');
      for (const record of inOrder) await processBatch(worker(), [record]);
      const messages = storedTexts.parse(await brevo.control('messages'));
      expect(messages.length).toBeGreaterThan(1);
      for (const message of messages) expect(message.text).toMatch(text);
    }
  },
);

const shuffles = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 });
law.prop([shuffles], { numRuns: 10 })(
  'a French customer never reads English, in whatever order the events come',
  async (order) => {
    const { worker, brevo } = await startBridge();
    const url = 'https://t.example/3S';
    const visitorId = undefined;
    const events = [
      statusChanged({ orderNumber: '#1', locale: 'fr', currency: 'EUR', total: 9 }),
      statusChanged({ ...parcel, visitorId, trackingNumber: '3S', trackingUrl: url, at: 60_000 }),
      statusChanged({ shipmentId: '7', visitorId, status: 'out_for_delivery', at: 70_000 }),
      statusChanged({ refundId: '9', visitorId, status: 'refunded', total: 5, currency: 'EUR', at: 80_000 }),
      statusChanged({ visitorId, status: 'returned', at: 75_000 }),
    ];
    for (const index of order) {
      const event = events[index];
      if (event !== undefined) await processBatch(worker(), [sqsRecord(event)]);
    }
    const chat = await brevo.chat();
    expect(chat).not.toEqual([]);
    for (const text of chat) expect(text).toMatch(/commande #1/);
  },
);
