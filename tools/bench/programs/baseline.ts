/**
 * What a good developer would write without the bridge: a batch of events from a queue, each validated, put into words and
 * sent by the official SDK. It remembers nothing: neither what it has sent, nor how many requests are left.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { BrevoClient } from '@getbrevo/brevo';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { z } from 'zod';

const environment = z
  .object({ BREVO_BASE_URL: z.url(), SECRETS_PARAMETER: z.string().min(1) })
  .parse(process.env);

const secretsSchema = z.object({ brevoApiKey: z.string().min(1) });

const ssm = new SSMClient({});

const connect = async (): Promise<BrevoClient> => {
  const { Parameter } = await ssm.send(
    new GetParameterCommand({ Name: environment.SECRETS_PARAMETER, WithDecryption: true }),
  );
  const { brevoApiKey: apiKey } = secretsSchema.parse(JSON.parse(Parameter?.Value ?? ''));
  return new BrevoClient({ apiKey, baseUrl: environment.BREVO_BASE_URL });
};

/** Read once for an instance. */
let connected: Promise<BrevoClient> | undefined;

const statuses = ['paid', 'shipped', 'delivered', 'cancelled', 'refunded'] as const;

const eventSchema = z.object({
  'detail-type': z.literal('order.status_changed'),
  detail: z.object({
    metadata: z.object({ id: z.string().min(1), timestamp: z.iso.datetime({ offset: true }) }),
    data: z.object({
      orderId: z.string().min(1),
      status: z.enum(statuses),
      occurredAt: z.iso.datetime({ offset: true }),
      visitorId: z.string().min(1),
      orderNumber: z.string().optional(),
      locale: z.string().optional(),
      total: z.number().optional(),
      currency: z.string().length(3).optional(),
      carrier: z.string().optional(),
      trackingUrl: z.url().optional(),
    }),
  }),
});

type Order = z.infer<typeof eventSchema>['detail']['data'];

const moneyOf = ({ total, currency, locale = 'en' }: Order): string =>
  total === undefined || currency === undefined
    ? ''
    : ` of ${new Intl.NumberFormat(locale, { style: 'currency', currency }).format(total)}`;

const textOf = (order: Order): string => {
  const number = order.orderNumber ?? order.orderId;
  switch (order.status) {
    case 'paid':
      return `Thank you! We have received your payment${moneyOf(order)} for order ${number}.`;
    case 'shipped':
      return `Good news: your order ${number} is on its way. ${order.trackingUrl ?? ''}`.trim();
    case 'delivered':
      return `Your order ${number} has been delivered. We hope you like it!`;
    case 'cancelled':
      return `Your order ${number} has been cancelled.`;
    case 'refunded':
      return `We have issued a refund for your order ${number}.`;
  }
};

const logger = new Logger();
const metrics = new Metrics({ namespace: 'Baseline' });

const send = async ({ body }: SQSRecord): Promise<void> => {
  const { metadata, data } = eventSchema.parse(JSON.parse(body)).detail;
  connected ??= connect();
  const { id } = await (await connected).conversations.sendAnAutomatedMessageToAVisitor({
    visitorId: data.visitorId,
    text: textOf(data),
  });
  logger.info('message sent', { eventId: metadata.id, messageId: id });
  metrics.addMetric('MessagesSent', MetricUnit.Count, 1);
};

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler(async ({ Records }) => {
    const results = await Promise.allSettled(Records.map(send));
    const batchItemFailures = results.flatMap((result, index) => {
      if (result.status === 'fulfilled') return [];
      logger.error('message not sent', { reason: String(result.reason) });
      return [{ itemIdentifier: Records[index]?.messageId ?? '' }];
    });
    return { batchItemFailures };
  });
