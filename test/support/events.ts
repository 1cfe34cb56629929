import { createHash, randomUUID } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';
import { readEvent, type ShopEvent } from '../../lib/bus/events.ts';
import { locatedAt } from '../../lib/orders/map-event.ts';
import { noon } from './incoming.ts';

interface TestEvent {
  type: string;
  data: object;
  /** Milliseconds after noon. */
  at: number;
}

/** An order's change of status, as the shop puts it on the bus. `at` in milliseconds after noon. */
export const statusChanged = ({ at = 0, ...data }: { at?: number; [field: string]: unknown }): TestEvent => ({
  type: 'order.status_changed',
  at,
  data: { orderId: '1001', status: 'paid', visitorId: 'visitor-1', ...data },
});

/** A report of a carrier. `at` in milliseconds after noon. */
export const parcelMoved = ({ at = 0, ...data }: { at?: number; [field: string]: unknown }): TestEvent => ({
  type: 'parcel.status_changed',
  at,
  data: { trackingNumber: 'T1', status: 'out_for_delivery', ...data },
});

/** Reads an event. That of a carrier gets the order that it hints at, and no parcel. */
export const readLocated = (value: unknown) => located(readEvent(value));

export const located = (event: ShopEvent) =>
  event.type === 'parcel.status_changed'
    ? locatedAt(event, { orderId: event.data.orderId ?? 'unknown', shipmentId: undefined })
    : event;

/** An event as EventBridge delivers it. */
export const busEvent = ({ type, data, at }: TestEvent) => {
  const time = new Date(noon + at).toISOString();
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': type,
    source: 'shop.orders',
    account: '000000000000',
    time,
    region: 'eu-west-1',
    resources: [],
    detail: {
      metadata: { id: randomUUID(), version: '1', timestamp: time, domain: 'orders', service: 'shop', type },
      data: { occurredAt: time, ...data },
    },
  };
};

/** The record in which a queue hands an event to a function. */
export const sqsRecord = (event: TestEvent): SQSRecord => {
  const body = JSON.stringify(busEvent(event));
  return {
    messageId: randomUUID(),
    receiptHandle: 'handle',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(noon),
      SenderId: 'events',
      ApproximateFirstReceiveTimestamp: String(noon),
    },
    messageAttributes: {},
    md5OfBody: createHash('md5').update(body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:events',
    awsRegion: 'eu-west-1',
  };
};
