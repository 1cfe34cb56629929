/** What a good developer would write without the bridge: a route that checks a token and a body, and calls the official SDK. */
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { z } from 'zod';
import { connect } from './baseline.ts';

const bodySchema = z.strictObject({
  visitorId: z.string().min(1),
  text: z.string().trim().min(1).max(10_000),
  agentId: z.string().exactOptional(),
  groupId: z.string().exactOptional(),
});

const logger = new Logger();
const metrics = new Metrics({ namespace: 'Baseline' });

const reply = (statusCode: number, body: object): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler(async ({ headers, body }: APIGatewayProxyEventV2) => {
    const { secrets, brevo } = await connect();
    const token = headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (!secrets.apiTokens.includes(token)) return reply(401, { message: 'unauthorised' });
    const message = bodySchema.safeParse(JSON.parse(body ?? ''));
    if (!message.success) return reply(400, { message: z.prettifyError(message.error) });
    const sent = await brevo.conversations.sendAnAutomatedMessageToAVisitor(message.data);
    metrics.addMetric('MessagesSent', MetricUnit.Count, 1);
    return reply(201, sent);
  });
