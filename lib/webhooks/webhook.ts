import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Problem } from '../http/problem.ts';
import type { Webhook } from '../sources/source.ts';

/** Far above what any sender sends; API Gateway itself takes ten megabytes. */
const largestBodyBytes = 5 * 1024 * 1024;

/**
 * A webhook as it arrived, byte for byte.
 * @throws {Problem} too-large
 */
export const webhookOf = (event: APIGatewayProxyEventV2): Webhook => {
  const { headers, body = '', isBase64Encoded } = event;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > largestBodyBytes)
    throw new Problem('too-large', { detail: `At most ${largestBodyBytes} bytes are taken` });
  return { headers, query: event.queryStringParameters ?? {}, body: bytes };
};
