/** From a record of a partner's bus to the chat. */
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { SQSRecord } from 'aws-lambda';
import { expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { readEvent } from '../../../lib/bus/events.ts';
import { detailOf } from '../../../lib/bus/publisher.ts';
import { processBatch } from '../../../lib/notices/ingest.ts';
import { messages } from '../../../lib/runtime/log.ts';
import { metricNames } from '../../../lib/runtime/metrics.ts';
import { InvalidInput } from '../../../lib/runtime/parse.ts';
import { createPartnerReader } from '../../../lib/sources/partners.ts';
import { shopify } from '../../../lib/sources/shopify/shopify.ts';
import { stripe } from '../../../lib/sources/stripe/stripe.ts';
import { partnerSources } from '../../../tools/aws/account.ts';
import { startBridge } from '../../support/bridge.ts';
import { configWith } from '../../support/config.ts';
import { partnerSample, partnerSamples } from '../../support/partner-samples.ts';
import { webhookSamples } from '../../support/webhook-samples.ts';

const read = createPartnerReader(partnerSources);
const arrival = Date.parse('2026-01-15T09:30:00Z');
const visitor = 'kZMvWhf8npAu3H6qd57w2Hv6nh6rnxvg';

const recordOf = (envelope: object): SQSRecord => ({
  ...partnerSample('stripe-partner-thin-event').record,
  messageId: crypto.randomUUID(),
  body: JSON.stringify(envelope),
});

const start = async () => {
  const bridge = await startBridge();
  bridge.clock.now = arrival;
  const metrics = new Metrics({ namespace: 'test' });
  const added = vi.spyOn(metrics, 'addMetric');
  const worker = bridge.worker({ config: configWith(), metrics });
  const logged = vi.spyOn(worker.logger, 'info');
  return {
    ...bridge,
    logged,
    counted: (name: string) => added.mock.calls.filter(([metric]) => metric === name).length,
    run: async (...records: SQSRecord[]) => processBatch(worker, records),
  };
};

/** The record in which the queue delivers what receive-webhook makes of a webhook. */
const webhookRecords = (name: string): SQSRecord[] => {
  const sample = webhookSamples.find((each) => each.name === name);
  if (sample === undefined) throw new Error(`there is no sample ${name}`);
  const source = name.startsWith('stripe') ? stripe : shopify;
  const reading = source.read({ headers: sample.headers, query: {}, body: sample.body }, arrival);
  if (reading.kind === 'ignored') throw new Error(reading.reason);
  return reading.events.map((event) =>
    recordOf({
      'detail-type': event.type,
      source: `webhooks.${sample.source}`,
      time: new Date(event.at).toISOString(),
      detail: detailOf(event, `webhooks.${sample.source}`),
    }),
  );
};

test.each([
  ['shopify-partner-order-paid', 'fr paid #1001 50,50 $'],
  [
    'shopify-partner-order-shipped',
    'fr shipped #1003 24,50 $ Postes Canada https://tracking.example.com/ca/7023210039419999',
  ],
  ['stripe-partner-payment-succeeded', 'en paid ES-7001 €34.80'],
  ['commercetools-partner-order-created', 'de paid CT-2001 42,00 €'],
])('%s reaches the chat, and once more changes nothing', async (name, text) => {
  const { run, brevo, deadLetters } = await start();
  const { record } = partnerSample(name);
  for (const _ of [1, 2]) expect(await run(record)).toEqual([]);
  expect((await brevo.chat(visitor)).map((each) => each.replaceAll(/\s/g, ' '))).toEqual([text]);
  expect(await brevo.requests()).toEqual(['POST created']);
  expect(deadLetters).toEqual([]);
});

test.each([
  ['shopify-order-paid', 'shopify-partner-order-paid'],
  ['stripe-payment-intent-succeeded', 'stripe-partner-payment-succeeded'],
])('an event that arrives as webhook and on the bus sends one message (%s)', async (webhook, name) => {
  for (const isWebhookFirst of [true, false]) {
    const { run, brevo } = await start();
    const both = [webhookRecords(webhook), [partnerSample(name).record]];
    for (const records of isWebhookFirst ? both : both.toReversed()) await run(...records);
    expect(await brevo.requests()).toEqual(['POST created']);
  }
  const eventOf = (record: SQSRecord) => readEvent(JSON.parse(record.body)).metadata.id;
  const reading = read(partnerSample(name).envelope);
  const ids = reading?.kind === 'events' ? reading.events.map(({ metadata }) => metadata.id) : [];
  expect(ids).toEqual(webhookRecords(webhook).map(eventOf));
});

test('an order’s first message names number, language and customer for those that follow', async () => {
  const { run, brevo } = await start();
  const { record } = partnerSample('commercetools-partner-parcel-added');
  await run(record);
  expect(await brevo.requests()).toEqual([]);
  await run(partnerSample('commercetools-partner-order-created').record);
  expect(await brevo.chat(visitor)).toEqual([
    expect.stringMatching(/^de (paid|shipped) CT-2001/),
    expect.stringMatching(/^de (paid|shipped) CT-2001/),
  ]);
});

test.each([
  ['another source of the partner', 'aws.partner/stripe.com/ed_other'],
  ['a source that begins alike', 'aws.partner/stripe.com/ed_local2'],
  ['a source of an unknown partner', 'aws.partner/example.com/a/b'],
  ['a source of another partner', 'aws.partner/shopify.com/ed_local'],
])('an envelope of %s is refused, and kept for an operator', async (_, source) => {
  const { run, brevo, deadLetters } = await start();
  const { envelope } = partnerSample('stripe-partner-payment-succeeded');
  expect(await run(recordOf({ ...envelope, source }))).toEqual([]);
  expect(await brevo.requests()).toEqual([]);
  expect(deadLetters.map(({ reason }) => reason)).toEqual([
    'The partner event is invalid: source: is not a partner event source of this stack, see docs/partners.md',
  ]);
});

test('where no partner is configured, every partner’s event is refused', () => {
  const { envelope } = partnerSample('stripe-partner-payment-succeeded');
  expect(() => createPartnerReader(['', '', ''])(envelope)).toThrow(InvalidInput);
  expect(() => createPartnerReader([''])({ ...envelope, source: 'aws.partner/' })).toThrow(InvalidInput);
});

test('events of other sources are none of a partner’s', () => {
  for (const event of [null, [], 'text', {}, { source: 'shop.aws.partner/stripe.com/ed_local' }])
    expect(read(event)).toBeUndefined();
});

test('a detail that claims another source has no say', async () => {
  const { run, brevo } = await start();
  const { envelope } = partnerSample('stripe-partner-payment-succeeded');
  const detail = { ...envelope.detail, source: 'shop.orders', 'detail-type': 'message.seen' };
  await run(recordOf({ ...envelope, detail }));
  expect(await brevo.requests()).toEqual(['POST created']);
});

test.each([
  ['shopify-partner-access-denied', /^ACCESS_DENIED: request protected customer data access/],
  ['stripe-partner-thin-event', /choose the payload style snapshot/],
  ['commercetools-partner-payload-missing', /^payloadNotIncluded: /],
  ['commercetools-partner-test', /subscribe to messages/],
])('%s is counted, and the log says what to change', async (name, reason) => {
  const { run, brevo, deadLetters, counted, logged } = await start();
  expect(await run(partnerSample(name).record)).toEqual([]);
  expect(counted(metricNames.partnerIgnored)).toBe(1);
  expect(logged).toHaveBeenCalledWith(messages.partnerIgnored, {
    recordId: expect.any(String),
    partner: name.split('-')[0],
    reason: expect.stringMatching(reason),
  });
  expect(deadLetters).toEqual([]);
  expect(await brevo.requests()).toEqual([]);
});

const commercetools = (type: string, fields: object) => {
  const { envelope } = partnerSample('commercetools-partner-parcel-added');
  return { ...envelope, detail: { ...envelope.detail, type, ...fields } };
};

test('a status that nobody knows is counted, and not put into the dead-letter queue', async () => {
  const { run, counted, deadLetters } = await start();
  await run(recordOf(commercetools('OrderStateChanged', { orderState: 'Teleported' })));
  expect(counted(metricNames.unknownStatus)).toBe(1);
  expect(deadLetters).toEqual([]);
});

test('an older message that comes late does not take back a newer one', async () => {
  const { run, brevo } = await start();
  const state = (shipmentState: string, createdAt: string) =>
    recordOf(commercetools('OrderShipmentStateChanged', { shipmentState, createdAt }));
  await run(partnerSample('commercetools-partner-order-created').record);
  await run(state('Delivered', '2026-01-15T09:29:00.000Z'));
  await run(state('Shipped', '2026-01-15T09:20:00.000Z'));
  expect((await brevo.chat(visitor)).at(-1)).toMatch(/^de delivered CT-2001/);
  expect(await brevo.requests()).toHaveLength(2);
});

test('an older Stripe or Shopify event that comes late does not take back a newer one', async () => {
  const { run, brevo } = await start();
  const { envelope: failed } = partnerSample('stripe-partner-payment-succeeded');
  const older = {
    ...failed.detail,
    type: 'payment_intent.payment_failed',
    id: 'evt_older',
    created: 1_768_469_000,
  };
  await run(partnerSample('stripe-partner-payment-succeeded').record);
  await run(recordOf({ ...failed, detail: older }));
  const { envelope: paid } = partnerSample('shopify-partner-order-paid');
  const metadata = { ...z.looseObject({}).parse(paid.detail.metadata), 'X-Shopify-Topic': 'orders/create' };
  const payload = { ...z.looseObject({}).parse(paid.detail.payload), financial_status: 'pending' };
  await run(partnerSample('shopify-partner-order-paid').record);
  await run(recordOf({ ...paid, detail: { metadata, payload } }));
  expect(await brevo.requests()).toEqual(['POST created', 'POST created']);
});

test('every sample is read as the bus would read it, the same at each delivery', () => {
  expect(partnerSamples.length).toBeGreaterThan(8);
  for (const { record } of partnerSamples) {
    const reading = read(JSON.parse(record.body));
    expect(read(JSON.parse(record.body))).toEqual(reading);
    expect(JSON.stringify(reading)).not.toMatch(/@example\.com|192\.0\.2\./);
  }
});

test('metadata keys of Shopify count in any case, and ids that JavaScript would round stay exact', async () => {
  const { run, store } = await start();
  const { envelope } = partnerSample('shopify-partner-order-paid');
  const metadata = { 'x-ShOpIfY-tOpIc': 'orders/paid' };
  const payload = z.looseObject({}).parse(envelope.detail.payload);
  const body = JSON.stringify({ ...envelope, detail: { metadata, payload } }).replaceAll(
    '6120478310577',
    '820982911946154508',
  );
  await run({ ...recordOf({}), body });
  expect((await store.read('order:820982911946154508')).visitorId).toBe(visitor);
});
