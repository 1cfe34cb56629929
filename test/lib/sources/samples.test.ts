import { expect, test } from 'vitest';
import { readEvent } from '../../../lib/bus/events.ts';
import type { Reading } from '../../../lib/sources/source.ts';
import { secretOf } from '../../../tools/samples/webhooks.ts';
import { webhookSamples } from '../../support/webhook-samples.ts';
import { meanings } from './meanings.ts';
import { builtIn, toleranceSeconds } from './opening.ts';

const eventsIn = (reading: Reading) => {
  if (reading.kind === 'events') return reading.events;
  throw new Error(`ignored: ${reading.reason}`);
};

test('every sample has an expected result, and its name starts with its source', () => {
  expect(webhookSamples.map(({ name }) => name).toSorted()).toEqual(Object.keys(meanings).toSorted());
  for (const { name, source } of webhookSamples) expect(name.split('-')[0]).toBe(source);
});

test.each(webhookSamples)('$name is genuine for anyone who knows its secret', (sample) => {
  const { name, source, headers, body, sentAt } = sample;
  const secret = secretOf(source);
  const isGenuine = (secrets: string[]) =>
    builtIn(source).refusal({ headers, query: {}, body }, secrets, { now: sentAt, toleranceSeconds }) ===
    undefined;
  expect(isGenuine([secret])).toBe(true);
  expect(isGenuine(['another', secret])).toBe(true);
  expect(isGenuine(['another'])).toBe(name === 'woocommerce-ping');
  expect(isGenuine([''])).toBe(false);
  expect(isGenuine([])).toBe(false);
});

test.each(webhookSamples)(
  '$name has the expected events, which are the same for every delivery',
  (sample) => {
    const { name, source, headers, body, sentAt } = sample;
    const { read } = builtIn(source);
    const webhook = { headers, query: {}, body };
    const meant = meanings[name];
    const reading = read(webhook, sentAt);
    if (typeof meant === 'string') return expect(reading).toEqual({ kind: 'ignored', reason: meant });
    const events = eventsIn(reading);
    expect(events.map(({ type, at, data }) => ({ type, at: new Date(at).toISOString(), data }))).toEqual(
      meant,
    );
    const again = eventsIn(read(webhook, sentAt + 60_000));
    expect(again.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  },
);

test.each(webhookSamples)(
  'the events of $name are readable from the bus and contain no address',
  (sample) => {
    const { source, headers, body, sentAt } = sample;
    const reading = builtIn(source).read({ headers, query: {}, body }, sentAt);
    if (reading.kind === 'ignored') return;
    expect(JSON.stringify(reading.events)).not.toMatch(/@example\.com|%40|192\.0\.2\.|Bront|Lukasz/);
    for (const { type, id, at, data } of reading.events) {
      if (type.startsWith('conversation.')) continue;
      const time = new Date(at).toISOString();
      const detail = { metadata: { id, timestamp: time }, data: JSON.parse(JSON.stringify(data)) };
      expect(readEvent({ 'detail-type': type, time, detail }).type).toBe(type);
    }
  },
);

test('every event has a unique id, except for messages that a transcript repeats', () => {
  const events = webhookSamples.flatMap(({ source, headers, body, sentAt }) => {
    const reading = builtIn(source).read({ headers, query: {}, body }, sentAt);
    return reading.kind === 'events' ? reading.events : [];
  });
  const byId = new Map(events.map((event) => [event.id, event]));
  for (const event of events) expect(event).toEqual(byId.get(event.id));
  const messages = events.filter(({ type }) => type.includes('message'));
  expect(byId.size).toBe(events.length - (messages.length - new Set(messages.map(({ id }) => id)).size));
});
