import * as z from 'zod/mini';
import { nothing, operation } from './contract/operation.ts';
import { operations } from './contract/operations.ts';
import { Problem } from './contract/problem.ts';
import type { HttpService, Invocation, Reply } from './http-handler.ts';
import { preflightHeaders, requireToken } from './http-handler.ts';

/**
 * Matches every request that no other operation matches. It checks the token itself, because a browser's preflight
 * request carries none.
 */
export const fallbackRoute = operation({
  id: 'fallbackRoute',
  method: 'GET',
  path: '/{anything}',
  tag: '',
  summary: 'Answers requests that no other operation matches',
  description: '',
  request: { ...nothing, path: z.unknown(), query: z.unknown() },
  answers: {},
  problems: [],
  isOpen: true,
});

/**
 * Answers a request that no other operation matches.
 * @throws {Problem} unauthorised; method-not-allowed if the path exists, otherwise not-found
 */
export const fallbackReply = async (service: HttpService, { event }: Invocation): Promise<Reply> => {
  const { headers, rawPath } = event;
  const { method } = event.requestContext.http;
  const known = operations.filter(({ path }) => patternOf(path).test(rawPath)).map((each) => each.method);
  const isPreflight = method === 'OPTIONS' && headers.origin !== undefined && known.length > 0;
  if (isPreflight) return { status: 204, headers: preflightHeaders(known) };
  // Senders of webhooks have no token. To ask for one would hide that their address is wrong.
  if (!/^\/webhooks(\/|$)/.test(rawPath)) requireToken(headers.authorization, await service.tokens());
  // A path with parameters may match though no route does: POST /webhooks/unheard-of.
  if (known.length === 0 || known.some((each) => each === method))
    throw new Problem('not-found', { detail: `No route matches ${rawPath.slice(0, 200)}` });
  const allow = known.join(', ');
  throw new Problem('method-not-allowed', { detail: `Allowed methods: ${allow}` }, { allow });
};

/** A reference may contain a slash, which arrives decoded. */
const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path.replaceAll(/[.]/g, '\\.').replaceAll(/\{(\w+)\}/g, (_, name) => (name === 'reference' ? '.+' : '[^/]+'))}$`,
  );
