/** `npm run bench:webhooks`: how long `receive-webhook` takes for a body of twenty kilobytes, the network left out. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createHandler } from '../../functions/receive-webhook.ts';
import type { SourceName } from '../../lib/runtime/secrets.ts';
import { sign, webhookSecrets } from '../samples/webhooks.ts';
import { contextOf, DroppedMetrics } from '../simulation/function.ts';
import { markdown, quantile } from './figures.ts';

const bodyBytes = 20 * 1024;
const now = Date.UTC(2026, 0, 15, 9, 30);

/** A body of twenty kilobytes that says something, with most of it in fields that nobody reads. */
const bodyFor = (source: SourceName): string => {
  const filler = (used: string) => 'Zoë läßt grüßen. '.repeat(2_000).slice(0, bodyBytes - used.length);
  const made = (body: object) => JSON.stringify({ ...body, note: filler(JSON.stringify(body)) });
  const at = new Date(now).toISOString();
  switch (source) {
    case 'shopify':
      return made({ id: 1, name: '#1', financial_status: 'paid', updated_at: at, customer: { id: 7 } });
    case 'woocommerce':
      return made({
        id: 1,
        number: '1',
        status: 'processing',
        date_modified_gmt: at.slice(0, 19),
        customer_id: 7,
      });
    case 'stripe':
      return made({
        id: 'evt_1',
        type: 'checkout.session.completed',
        created: now / 1000,
        data: { object: { metadata: { order_id: '1' }, payment_status: 'paid', customer: 'cus_1' } },
      });
    case 'standard':
      return made({
        type: 'order.status_changed',
        timestamp: at,
        data: { orderId: '1', status: 'paid', occurredAt: at, visitorId: 'v' },
      });
    case 'brevo':
      return made({
        eventName: 'conversationFragment',
        conversationId: 'c',
        visitor: { id: 'v' },
        messages: [{ id: 'm', type: 'visitor', text: 'Hello', createdAt: now }],
      });
  }
};

const topics: Partial<Record<SourceName, Record<string, string>>> = {
  shopify: { 'x-shopify-topic': 'orders/paid' },
  woocommerce: { 'x-wc-webhook-topic': 'order.updated' },
};

const eventFor = (source: SourceName): APIGatewayProxyEventV2 => {
  const body = bodyFor(source);
  const headers = { 'content-type': 'application/json', ...topics[source], ...sign(source, { body, now }) };
  const http = { method: 'POST', path: '', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'bench' };
  return {
    version: '2.0',
    routeKey: `POST /webhooks/${source}`,
    rawPath: `/webhooks/${source}`,
    rawQueryString: '',
    headers,
    requestContext: {
      accountId: '',
      apiId: '',
      domainName: '',
      domainPrefix: '',
      http,
      requestId: '',
      routeKey: '',
      stage: '$default',
      time: '',
      timeEpoch: now,
    },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
};

const context = contextOf('receive-webhook', 1, () => 10_000);

const sources = ['shopify', 'woocommerce', 'stripe', 'standard', 'brevo'] as const;
const warmUps = 200;
const runs = 5_000;

let published = 0;
const handler = createHandler(async () => ({
  logger: new Logger({ logLevel: 'SILENT' }),
  metrics: new DroppedMetrics({ namespace: 'bench' }),
  tokens: async () => [],
  origins: [],
  toleranceSeconds: { stripe: 300, standard: 300 },
  webhookSecrets: async (source) => [webhookSecrets[source]],
  publish: async (_, events) => {
    published += events.length;
  },
  deadLetter: async () => {},
  now: () => now,
}));

/** Handles webhooks of a source one after the other, on an instance that is warm. */
const time = async (source: SourceName): Promise<number[]> => {
  const event = eventFor(source);
  const times: number[] = [];
  published = 0;
  for (let run = -warmUps; run < runs; run++) {
    const start = performance.now();
    await handler(event, context);
    if (run >= 0) times.push(performance.now() - start);
  }
  if (published !== runs + warmUps)
    throw new Error(`${source}: ${published} events of ${runs + warmUps} webhooks`);
  return times;
};

const rows: string[][] = [];
for (const source of sources) {
  const times = await time(source);
  rows.push([source, ...[0.5, 0.99].map((share) => quantile(times, share).toFixed(3))]);
}
console.log(markdown(['source', 'median, ms', 'p99, ms'], rows));
