import { readdirSync, readFileSync } from 'node:fs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { sources } from '../../lib/sources/sources.ts';
import { sign } from '../../tools/samples/webhooks.ts';

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

const names = Object.keys(sources);

/** The headers by which each sender proves a body. */
const proofs = names.flatMap((name) => Object.keys(sign(name, { body: '', now: 0 })));

/** Other headers that sources read. */
const alternatives = [
  ...['shopify-hmac-sha256', 'svix-id', 'svix-timestamp', 'svix-signature'],
  ...['x-webhook-secret', 'content-type'],
];

/** How many sources have samples with a header. Every server adds some to any request. */
const sendersOf = (header: string) =>
  new Set(webhookSamples.filter(({ headers }) => header in headers).map(({ source }) => source)).size;

/** The headers that mean something to a source, or could. */
export const telling = [
  ...new Set([...proofs, ...alternatives, ...webhookSamples.flatMap(({ headers }) => Object.keys(headers))]),
].filter((header) => proofs.includes(header) || alternatives.includes(header) || sendersOf(header) === 1);
