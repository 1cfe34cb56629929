import * as z from 'zod/mini';
import { readEvent } from '../bus/events.ts';
import { instant } from '../bus/fields.ts';
import { detailOf, type OutgoingEvent } from '../bus/publisher.ts';
import type { PartnerReading } from '../bus/records.ts';
import { InvalidInput, parse } from '../runtime/parse.ts';
import { commercetools } from './commercetools/partner.ts';
import { shopify } from './shopify/partner.ts';
import type { ReadDetail, Reading } from './source.ts';
import { stripe } from './stripe/partner.ts';

/** The partners, by the second part of their sources: `aws.partner/shopify.com/…`. */
const partners = new Map<string, { name: string; read: ReadDetail }>([
  ['shopify.com', { name: 'shopify', read: shopify }],
  ['stripe.com', { name: 'stripe', read: stripe }],
  ['commercetools.com', { name: 'commercetools', read: commercetools }],
]);

const sourced = z.object({ source: z.string().check(z.startsWith('aws.partner/')) });

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html — what a queue gets as a body. */
const envelope = z.object({ source: z.string(), time: instant, detail: z.unknown() });

const refused = (path: string, message: string) =>
  new InvalidInput('The partner event', [{ path: [path], message }]);

/**
 * Reads the events of partners' buses, which become the same events as the webhooks of the same senders. Only a partner
 * can put events on its bus, so they need no signature. They are refused if their source is not one of the configured.
 * @param configured names of partner event sources; empty ones match nothing
 */
export const createPartnerReader =
  (configured: readonly string[]) =>
  (event: unknown): PartnerReading | undefined => {
    const { data } = z.safeParse(sourced, event);
    if (data === undefined) return undefined;
    const { source, time, detail } = parse(envelope, event, 'The partner event');
    const partner = partners.get(source.split('/')[1] ?? '');
    if (partner === undefined || !configured.includes(source))
      throw refused('source', 'is not a partner event source of this stack, see docs/partners.md');
    const reading = readDetail(partner.read, detail, time);
    switch (reading.kind) {
      case 'ignored':
        return { ...reading, partner: partner.name };
      case 'events':
        return {
          kind: 'events',
          events: reading.events.map((each) => asDelivered(each, `partners.${partner.name}`)),
        };
    }
  };

/** The readers that webhooks share would call it a webhook. */
const readDetail = (read: ReadDetail, detail: unknown, time: number): Reading => {
  try {
    return read(detail, time);
  } catch (error) {
    throw error instanceof InvalidInput ? new InvalidInput('The partner event', error.faults) : error;
  }
};

/**
 * An event of a source, as the bridge's own bus would deliver it.
 * @throws {InvalidInput} naming every field that the bridge would refuse
 */
export const asDelivered = (event: OutgoingEvent, service: string) =>
  readEvent({
    'detail-type': event.type,
    time: new Date(event.at).toISOString(),
    detail: JSON.parse(JSON.stringify(detailOf(event, service))),
  });
