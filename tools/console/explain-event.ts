/** What an event makes of notices: for whom, and the text in each language. */
import type { ShopEvent } from '../../lib/bus/events.ts';
import type { Config } from '../../lib/config/config.ts';
import type { Request } from '../../lib/notices/ingest.ts';
import { mapEvent } from '../../lib/orders/map-event.ts';
import type { Explained, ExplainedNotice } from './state.ts';

interface Situation {
  config: Config;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Explains an event by its notices.
 * @throws {InvalidInput} if the bridge would refuse it
 */
export const explainEvent = (event: ShopEvent, situation: Situation): Explained['events'][number] => {
  const { type, data } = event;
  return {
    type,
    data: readable(data),
    notices: requestsOf(event, situation).map((each) => ofRequest(each, event, situation)),
  };
};

/** As in the event's JSON, where times are texts. */
const readable = (data: ShopEvent['data']): unknown =>
  Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) =>
        name === 'occurredAt' || name === 'expiresAt'
          ? [name, new Date(Number(value)).toISOString()]
          : [name, value],
      ),
  );

const requestsOf = (event: ShopEvent, { config }: Situation): Request[] =>
  mapEvent({ config, visitorIdOf: (customerId) => `customer ${customerId}` })(located(event));

/** A carrier's event as one of its order. Which order that is, only the bridge knows. */
const located = (event: ShopEvent) => {
  if (event.type !== 'parcel.status_changed') return event;
  const { orderId, orderNumber, trackingNumber } = event.data;
  const data = { ...event.data, orderId: orderId ?? orderNumber ?? trackingNumber };
  return { type: 'order.status_changed' as const, metadata: event.metadata, data };
};

/** The numbers by which the bridge finds the order of a carrier's event. */
const numbersIn = (event: ShopEvent): string | undefined => {
  if (event.type !== 'parcel.status_changed') return undefined;
  const { orderNumber, trackingNumber } = event.data;
  const parcel = `the parcel ${trackingNumber}`;
  return orderNumber === undefined ? parcel : `the number ${orderNumber} or ${parcel}`;
};

const ofRequest = (request: Request, event: ShopEvent, situation: Situation): ExplainedNotice => {
  switch (request.kind) {
    case 'withdraw':
      return { reference: request.reference, effect: 'its messages are deleted', texts: [] };
    case 'identify':
      return {
        reference: request.order,
        effect:
          'no message: this status has no text. The bridge remembers what the event says about the order',
        texts: [],
      };
    case 'seen':
      return {
        reference: request.messageId,
        effect: 'a message that Brevo shows settles its notice',
        texts: [],
      };
    case 'desire': {
      const { reference, desired } = request.incoming;
      const numbers = numbersIn(event);
      return {
        reference: numbers === undefined ? reference : `of the order with ${numbers}`,
        effect: effectOf(request, event, situation.now),
        texts: desired.text === undefined ? [] : textsOf(reference, event, situation),
      };
    }
  }
};

const effectOf = (
  { incoming }: Extract<Request, { kind: 'desire' }>,
  { type }: ShopEvent,
  now: number,
): string => {
  const { visitorId, order, reopens, desired } = incoming;
  const { status, text, postBy, policy } = desired;
  const what = [
    text === undefined ? 'no message' : 'a message',
    status && `for the status ${status}`,
    `(${policy})`,
  ];
  const notes = [
    visitorId === undefined
      ? `to the visitor of ${type === 'parcel.status_changed' ? 'that order' : (order ?? incoming.reference)}, as soon as an event has named one`
      : `to ${visitorId.startsWith('customer ') ? `the visitor of ${visitorId}` : `the visitor ${visitorId}`}`,
    reopens && 'the order starts over',
    postBy <= now && `too late: not posted after ${new Date(postBy).toISOString()}`,
  ];
  return [what.filter(Boolean).join(' '), ...notes.filter(Boolean)].join(', ');
};

/** The texts of the same event, as if it named each locale in turn. */
const textsOf = (about: string, event: ShopEvent, situation: Situation): ExplainedNotice['texts'] =>
  Object.keys(situation.config.texts).map((locale) => {
    const [found] = requestsOf(inLocale(event, locale), situation).flatMap((each) =>
      each.kind === 'desire' && each.incoming.reference === about ? [each.incoming.desired.text] : [],
    );
    return { locale, text: found ?? null };
  });

const inLocale = (event: ShopEvent, locale: string): ShopEvent => {
  switch (event.type) {
    case 'order.status_changed':
      return { ...event, data: { ...event.data, locale } };
    case 'parcel.status_changed':
      return { ...event, data: { ...event.data, locale } };
    case 'announcement.published':
      return { ...event, data: { ...event.data, locale } };
    case 'notice.requested':
      return { ...event, data: { ...event.data, locale } };
    case 'notice.withdrawn':
    case 'message.seen':
      return event;
  }
};
