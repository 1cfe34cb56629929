/** The same orders for everyone, as the queue hands them on. */
import type { SQSEvent } from 'aws-lambda';

/**
 * Batches of news, each of another order.
 * @param from the number of the first order; the same numbers again are the same events again
 */
export const batches = (from: number, count: number, batchSize: number, now: number): SQSEvent[] =>
  Array.from({ length: count }, (_, batch) => ({
    Records: Array.from({ length: batchSize }, (_, index) =>
      recordOf(String(from + batch * batchSize + index), now),
    ),
  }));

const recordOf = (orderId: string, now: number): SQSEvent['Records'][number] => {
  const at = new Date(now).toISOString();
  return {
    messageId: `message-${orderId}`,
    receiptHandle: 'receipt',
    body: JSON.stringify({
      version: '0',
      id: `event-${orderId}`,
      'detail-type': 'order.status_changed',
      source: 'shop.orders',
      account: '000000000000',
      time: at,
      region: 'eu-west-1',
      resources: [],
      detail: {
        metadata: { id: `order-${orderId}-shipped`, timestamp: at },
        data: {
          orderId,
          orderNumber: `#${orderId}`,
          status: 'shipped',
          occurredAt: at,
          visitorId: `visitor-${orderId}`,
          locale: 'en-GB',
          carrier: 'DHL',
          trackingUrl: `https://tracking.example.com/${orderId}`,
        },
      },
    }),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(now),
      SenderId: 'bench',
      ApproximateFirstReceiveTimestamp: String(now),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:events',
    awsRegion: 'eu-west-1',
  };
};
