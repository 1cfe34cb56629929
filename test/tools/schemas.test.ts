import { readdirSync, readFileSync } from 'node:fs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod/mini';
import { createPublisher, type OutgoingEvent } from '../../lib/bus/publisher.ts';
import { erasedEvent } from '../../lib/notices/erasure.ts';
import type { Outcome } from '../../lib/notices/lease.ts';
import { blankNotice, type Step } from '../../lib/notices/notice.ts';
import { eventOf, expiredEvent } from '../../lib/notices/outcomes.ts';
import { brevo } from '../../lib/sources/brevo/brevo.ts';
import { outgoing, schemaDocuments } from '../../tools/event-schemas.ts';
import { bodyOf, readingOf } from '../lib/sources/reading.ts';
import { startAws } from '../support/aws-server.ts';
import { incomingOrder, noon } from '../support/incoming.ts';

const folder = new URL('../../events/', import.meta.url);
const jsonOf = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

const documents = [...schemaDocuments()];
const types = documents.map(([type]) => type);

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
for (const [type, document] of documents) ajv.addSchema(document, type);

/** What is wrong with an event by the schema of its type. */
const faultsOf = (event: { 'detail-type': string }): string[] => {
  const isValid = ajv.validate({ $ref: `${event['detail-type']}#/components/schemas/AWSEvent` }, event);
  return isValid ? [] : (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

test('each event has its file, and none is out of date: npm run schemas', () => {
  const files = readdirSync(new URL('schemas/', folder));
  expect(files.toSorted()).toEqual(types.map((type) => `${type}.json`).toSorted());
  for (const [type, document] of documents) expect(jsonOf(`schemas/${type}.json`), type).toEqual(document);
});

test.each(documents)(
  'the schema of %s is an OpenAPI document of the event with its envelope',
  async (_, document) => {
    expect(await new Validator().validate({ ...document })).toMatchObject({ valid: true });
  },
);

describe('the samples', () => {
  const records = z.object({ Records: z.array(z.object({ body: z.string() })) });
  const eventSchema = z.looseObject({ 'detail-type': z.string() });
  // Partners have schemas of their own.
  const samples = readdirSync(folder).filter((file) => /^push-message\.(?!\w+-partner-)/.test(file));
  const wrong = ['missing-fields', 'not-json', 'unknown-type', 'wrong-status'];
  const eventsIn = (file: string) =>
    records.parse(jsonOf(file)).Records.map(({ body }) => eventSchema.parse(JSON.parse(body)));

  test.each(samples.filter((file) => !wrong.includes(file.split('.')[1] ?? '')))('%s fits', (file) => {
    for (const event of eventsIn(file)) expect(faultsOf(event)).toEqual([]);
  });

  test('one that lacks fields is refused for each of them', () => {
    expect(eventsIn('push-message.missing-fields.json').map(faultsOf)).toEqual([
      [
        "/detail/data must have required property 'orderId'",
        "/detail/data must have required property 'status'",
        "/detail/data must have required property 'occurredAt'",
      ],
    ]);
  });
});

describe('what the bridge puts on the bus', () => {
  const notice = { ...blankNotice('order:1001'), visitorId: 'v', desired: incomingOrder().desired };
  const post: Step = { kind: 'post', visitorId: 'v', text: 'Hello' };
  const edit: Step = { kind: 'edit', messageId: 'm', text: 'Hello' };
  const about = (step: Step, outcome: Outcome, subject = notice) =>
    eventOf({ notice: subject, step }, outcome, noon);
  const nameless = {
    ...blankNotice('newsletter'),
    visitorId: 'v',
    desired: { ...notice.desired, status: '' },
  };
  const ofNotices = [
    about(post, { kind: 'posted', messageId: 'm' }),
    about(post, { kind: 'posted', messageId: 'm' }, nameless),
    about(edit, { kind: 'edited' }),
    about({ kind: 'delete', messageId: 'm' }, { kind: 'deleted' }),
    about(post, { kind: 'refused', reason: 'no' }),
    about(edit, { kind: 'refused', reason: 'no' }),
    about(post, { kind: 'unknown', reason: 'no answer' }),
    expiredEvent(notice, noon),
    erasedEvent({ visitor: 'v', requestedAt: noon, lastSeenAt: noon, erased: 2, unreachable: 1 }, noon),
  ];
  const ofConversations = ['started', 'fragment', 'transcript'].flatMap((name) => {
    const events = readingOf(brevo, bodyOf(`brevo-conversation-${name}`));
    return typeof events === 'string' ? [] : events;
  });
  const ofErasure = erasedEvent(
    { visitor: 'v', requestedAt: noon, lastSeenAt: noon, erased: 2, unreachable: 0 },
    noon,
  );
  // message.seen comes back to the bridge, and goes to nobody else.
  const published = [...ofNotices, ...ofConversations, ofErasure].filter(
    (event): event is OutgoingEvent => event !== undefined && event.type !== 'message.seen',
  );

  const entrySchema = z.object({
    Source: z.string(),
    DetailType: z.string(),
    Time: z.number(),
    Detail: z.string(),
  });

  /** The events as EventBridge would deliver them. */
  const delivered = async (events: readonly OutgoingEvent[]) => {
    const entries: z.output<typeof entrySchema>[] = [];
    const { settings } = await startAws<{ Entries: unknown[] }>(({ Entries }) => {
      entries.push(...z.array(entrySchema).parse(Entries));
      return { body: { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'id' })) } };
    });
    const client = new EventBridgeClient(settings);
    onTestFinished(() => client.destroy());
    const pause = async () => {};
    await createPublisher({ client, busName: 'bus', source: 'conversations-bridge', pause })(events);
    return entries.map(({ Source, DetailType, Time, Detail }) => ({
      version: '0',
      id: 'id',
      'detail-type': DetailType,
      source: Source,
      account: '000000000000',
      time: new Date(Time * 1000).toISOString(),
      region: 'eu-west-1',
      resources: [],
      detail: z.object({ metadata: z.unknown(), data: z.unknown() }).parse(JSON.parse(Detail)),
    }));
  };

  test('is all described', () => {
    expect(new Set(published.map(({ type }) => type))).toEqual(new Set(Object.keys(outgoing)));
  });

  test('fits, and holds nothing that is not described', async () => {
    for (const event of await delivered(published)) {
      expect(faultsOf(event), event['detail-type']).toEqual([]);
      const described = Object.entries(outgoing).find(([type]) => type === event['detail-type'])?.[1].shape;
      const { metadata, data } = event.detail;
      expect(() => z.strictObject(described?.metadata.shape ?? {}).parse(metadata)).not.toThrow();
      expect(() => z.strictObject(described?.data.shape ?? {}).parse(data)).not.toThrow();
    }
  });
});
