import { readdirSync, readFileSync } from 'node:fs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

const folder = new URL('../../events/', import.meta.url);

/** The sample webhooks of `events/`, with their bodies as bytes. */
export const webhookSamples = readdirSync(folder)
  .filter((file) => file.startsWith('receive-webhook.'))
  .map((file) => {
    const event: APIGatewayProxyEventV2 = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    const { body = '', isBase64Encoded, headers, routeKey, requestContext } = event;
    return {
      name: file.split('.')[1] ?? '',
      source: routeKey.replace('POST /webhooks/', ''),
      sentAt: requestContext.timeEpoch,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value ?? ''])),
      body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
    };
  });
