import { fc, test as law } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { readEvent } from '../../../lib/bus/events.ts';
import { InvalidInput } from '../../../lib/runtime/parse.ts';
import { createPartnerReader } from '../../../lib/sources/partners.ts';
import { sources } from '../../../lib/sources/sources.ts';
import { partnerSources } from '../../../tools/aws/account.ts';
import { cases } from '../../support/in-depth.ts';
import { partnerSamples } from '../../support/partner-samples.ts';
import { telling, webhookSamples } from '../../support/webhook-samples.ts';
import { builtIn, toleranceSeconds } from './opening.ts';
import { arrival } from './reading.ts';

const source = fc.constantFrom(...Object.values(sources));
const bytes = fc.uint8Array({ maxLength: 80 });

const seconds = String(arrival / 1000);
/** On a busy machine. Milliseconds. */
const patience = 60_000;
const base64 = fc
  .oneof(
    fc.uint8Array({ minLength: 30, maxLength: 66 }),
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
    fc.uint8Array({ minLength: 64, maxLength: 64 }),
  )
  .map((some) => Buffer.from(some).toString('base64'));
const headerValue = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  base64,
  fc.constant(seconds),
  fc
    .tuple(fc.constantFrom('v1,', 'v1a,', 'v1,AAAA v1a,', 'Basic ', 'Bearer ', `t=${seconds},v1=`), base64)
    .map((parts) => parts.join('')),
);
const secret = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.tuple(fc.constantFrom('whsec_', 'whpk_'), base64).map((parts) => parts.join('')),
);

law.prop(
  [
    source,
    bytes,
    fc.dictionary(fc.constantFrom(...telling), headerValue),
    fc.dictionary(fc.constant('secret'), headerValue),
    fc.array(secret, { maxLength: 3 }),
  ],
  { numRuns: cases(1_000, 10_000) },
)(
  'any unsigned webhook is refused without an error',
  ({ refusal }, body, headers, query, secrets) => {
    const clock = { now: arrival, toleranceSeconds };
    expect(refusal({ headers, query, body: Buffer.from(body) }, secrets, clock)).toEqual(expect.any(String));
  },
  patience,
);

const nonsense = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, [], {}, 'x'.repeat(257), '\ud83d', true, '__proto__'),
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    '2026-01-15T09:00:00',
    '9999-12-31T23:59:59Z',
    '1969-12-31T23:59:59Z',
    Number.MAX_SAFE_INTEGER + 1,
    253_402_300_799_000,
  ),
);

/** A sample's body in which some values were replaced, wherever they are. */
const spoilt = (value: unknown, spoil: (value: unknown) => unknown): unknown => {
  const other = spoil(value);
  if (other !== value || typeof other !== 'object' || other === null) return other;
  if (Array.isArray(other)) return other.map((each) => spoilt(each, spoil));
  return Object.fromEntries(Object.entries(other).map(([name, each]) => [name, spoilt(each, spoil)]));
};

const samples = webhookSamples.filter(({ name }) => name !== 'woocommerce-ping');
const spoiltSample = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(nonsense, { minLength: 1, maxLength: 4 }),
    fc.array(fc.nat(150), { maxLength: 4 }),
  )
  .map(([sample, others, places]) => {
    let place = -1;
    const spoil = (value: unknown) => {
      place += 1;
      return places.includes(place) ? others[place % others.length] : value;
    };
    return {
      ...sample,
      body: Buffer.from(JSON.stringify(spoilt(JSON.parse(sample.body.toString()), spoil))),
    };
  });

const topics = [
  ...[
    'orders/create',
    'orders/paid',
    'orders/fulfilled',
    'orders/cancelled',
    'fulfillments/update',
    'refunds/create',
  ],
  ...['order.created', 'order.deleted', 'order.restored'],
];
const withTopic = fc.option(fc.constantFrom(...topics), { nil: undefined });

const read = (
  ...[{ source: name, headers, body }, topic]: [(typeof samples)[number], string | undefined]
) => {
  const { read: readIt } = builtIn(name);
  const hint = topic === undefined ? {} : { 'x-shopify-topic': topic, 'x-wc-webhook-topic': topic };
  try {
    const reading = readIt({ headers: { ...headers, ...hint }, query: {}, body }, arrival);
    return reading.kind === 'events' ? reading.events : [];
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return [];
  }
};

let eventsRead = 0;

law.prop([spoiltSample, withTopic], { numRuns: cases(1_000, 10_000) })(
  'any content is either refused or read as events that the bus understands',
  (sample, topic) => {
    for (const { type, id, at, data } of read(sample, topic)) {
      eventsRead += 1;
      expect(at).toBeLessThanOrEqual(arrival + 300_000);
      if (type.startsWith('conversation.')) continue;
      const time = new Date(at).toISOString();
      const detail = { metadata: { id, timestamp: time }, data: JSON.parse(JSON.stringify(data)) };
      expect(readEvent({ 'detail-type': type, time, detail }).type).toBe(type);
    }
  },
  patience,
);

test('the test before this one read enough events', () => expect(eventsRead).toBeGreaterThan(500));

const readPartner = createPartnerReader(partnerSources);

/** A partner's sample in which some values were replaced, but for its source. */
const spoiltEnvelope = fc
  .tuple(
    fc.constantFrom(...partnerSamples),
    fc.array(nonsense, { minLength: 1, maxLength: 4 }),
    fc.array(fc.nat(150), { maxLength: 4 }),
  )
  .map(([{ record }, others, places]) => {
    let place = -1;
    const spoil = (value: unknown) => {
      place += 1;
      return places.includes(place) ? others[place % others.length] : value;
    };
    const envelope = JSON.parse(record.body);
    return { ...envelope, detail: spoilt(envelope.detail, spoil) };
  });

law.prop([spoiltEnvelope], { numRuns: cases(1_000, 10_000) })(
  'any partner event is either read, ignored or refused',
  (envelope) => {
    try {
      expect(readPartner(envelope)?.kind).toMatch(/^(events|ignored)$/);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInput);
    }
  },
  patience,
);

law.prop([source, bytes, withTopic])(
  'any bytes are either ignored or refused',
  ({ read: readIt }, body, topic = '') => {
    const headers = {
      'x-shopify-topic': topic,
      'x-wc-webhook-topic': topic,
      'webhook-id': 'm',
      'webhook-timestamp': seconds,
    };
    try {
      expect(readIt({ headers, query: {}, body: Buffer.from(body) }, arrival).kind).toBe('ignored');
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInput);
    }
  },
);
