import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Problem } from '../http/contract/problem.ts';
import type { Reply } from '../http/http-handler.ts';
import { messages } from '../runtime/log.ts';
import type { Registration } from '../sources/source.ts';
import { noteRefusal, type SenderService, senderNamed } from './sender.ts';

/** The registration, with the address at which it came: webhooks go to the same. */
export const registrationOf = (event: APIGatewayProxyEventV2): Registration => {
  const { headers, rawPath, rawQueryString, requestContext } = event;
  // The local run has a port and no TLS, API Gateway the opposite.
  const scheme = requestContext.domainName.includes(':') ? 'http' : 'https';
  return {
    headers,
    query: rawQueryString,
    address: `${scheme}://${requestContext.domainName}${rawPath}`,
  };
};

/**
 * Registers a shop with the bridge, which remembers nothing of it. The query is never logged.
 * @throws {Problem} not-found, unauthorised
 */
export const register = async (
  service: SenderService,
  name: string,
  registration: Registration,
): Promise<Reply> => {
  const { source, secrets, clock } = await senderNamed(service, name);
  const body = source.register?.(registration, secrets, clock);
  if (body === undefined) throw new Problem('not-found', { detail: `${name} needs no registration` });
  if (typeof body === 'string') {
    noteRefusal(service, messages.registrationRefused, { source: name, reason: body });
    throw new Problem('unauthorised', { detail: `The registration carries no valid signature for ${name}` });
  }
  service.logger.info(messages.registered, { source: name });
  return { status: 200, body };
};
