import { expect, test } from 'vitest';
import { hmacSource } from '../../../lib/sources/own.ts';
import { explain, headersIn, linesOf } from '../../../tools/console/explain.ts';
import { configWith } from '../../support/config.ts';
import { noon } from '../../support/incoming.ts';
import { partnerSample } from '../../support/partner-samples.ts';

const config = configWith();

const explained = (value: unknown, more: { source?: string; headers?: Record<string, string> } = {}) =>
  explain({ text: JSON.stringify(value), config, now: noon, ...more });

const data = { orderId: '7', status: 'shipped', occurredAt: new Date(noon).toISOString(), visitorId: 'ada' };
const event = { type: 'order.status_changed', data };

test('an event is explained by its notice, and by its text in every language', () => {
  const [{ events, ...rest } = { events: [] }] = explained(event);
  expect(rest).toEqual({ readAs: 'event of the bus' });
  expect(events).toMatchObject([{ type: 'order.status_changed', data, notices: [{ reference: 'order:7' }] }]);
  const [notice] = events[0]?.notices ?? [];
  expect(notice?.effect).toBe('a message for the status shipped (append), to the visitor ada');
  expect(notice?.texts.map(({ locale }) => locale)).toEqual(Object.keys(config.texts));
  expect(new Set(notice?.texts.map(({ text }) => text)).size).toBeGreaterThan(1);
});

test('the same event is read in each form: data alone, from the bus, and from a queue', () => {
  const detail = { metadata: { id: 'e', timestamp: data.occurredAt }, data };
  const envelope = { source: 'shop', 'detail-type': event.type, time: data.occurredAt, detail };
  expect(explained(envelope)).toEqual(explained(event));
  expect(explained({ Records: [{ body: JSON.stringify(envelope) }] })).toEqual(explained(event));
});

test('a customer’s event names the customer; one without an addressee says for whom it waits', () => {
  const effectOf = (given: object) => explained({ ...event, data: given })[0]?.events[0]?.notices[0]?.effect;
  const { visitorId: _, ...unaddressed } = data;
  expect(effectOf({ ...unaddressed, customerId: 'shop:5' })).toMatch(/to the visitor of customer shop:5$/);
  expect(effectOf({ ...unaddressed, shipmentId: '1' })).toMatch(
    /to the visitor of order:7, as soon as an event has named one$/,
  );
});

test('it is said why nothing is sent', () => {
  const nothingOf = (value: unknown, more = {}) => explained(value, more)[0]?.nothing;
  expect(nothingOf({ id: 1 })).toMatch(/neither an event nor a sample/);
  expect(nothingOf({ ...event, data: { ...data, status: 'lost' } })).toMatch(
    /'lost' is not one of .*statusMap/,
  );
  expect(nothingOf({ ...event, data: { status: 'paid' } })).toMatch(/orderId.*occurredAt/);
  expect(nothingOf({ id: 1 }, { source: 'shopify' })).toBe('Ignored: unknown topic: (not a plain name)');
  expect(nothingOf({ id: 1 }, { source: 'shopee' })).toMatch(/no such sender: shopify, /);
  const old = { ...data, occurredAt: new Date(noon - 25 * 3_600_000).toISOString() };
  expect(explained({ ...event, data: old })[0]?.events[0]?.notices[0]?.effect).toMatch(
    /too late: not posted after/,
  );
});

test('a real webhook is read by its sender, built-in or the shop’s own', () => {
  const order = {
    id: 7,
    name: '#7',
    financial_status: 'paid',
    updated_at: data.occurredAt,
    customer: { id: 5 },
  };
  const headers = headersIn(['X-Shopify-Topic: orders/paid']);
  expect(explained(order, { source: 'shopify', headers })[0]?.events[0]?.data).toMatchObject({
    orderId: '7',
  });
  const acme = hmacSource({
    header: 'x-acme',
    encoding: 'hex',
    read: () => [{ type: 'order.status_changed', data }],
  });
  const own = { text: '{}', config: { ...config, sources: { acme } }, now: noon, source: 'acme' };
  expect(explain(own)[0]?.events).toEqual(explained(event)[0]?.events);
  expect(() => headersIn(['X-Shopify-Topic'])).toThrow(/expected name: value/);
});

test('the terminal shows the event, the notice and the texts', () => {
  const lines = explained(event).flatMap(linesOf);
  expect(lines).toContain('Notice order:7');
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}fr {4}\S/));
});

test('a partner’s event is explained as push-message reads it', () => {
  const explainedSample = (name: string) => explained(partnerSample(name).envelope)[0];
  expect(explainedSample('stripe-partner-payment-succeeded')?.events).toMatchObject([
    { type: 'order.status_changed', notices: [{ reference: 'order:7001' }] },
  ]);
  expect(explainedSample('stripe-partner-thin-event')?.nothing).toMatch(
    /^Ignored: a thin event holds no data/,
  );
});
