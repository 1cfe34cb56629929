import * as z from 'zod/mini';
import { nothing, operation } from './contract/operation.ts';
import { operations } from './contract/operations.ts';
import { Problem } from './contract/problem.ts';
import type { HttpService, Invocation, Reply } from './http-handler.ts';
import { preflightHeaders, requireToken } from './http-handler.ts';

/** Whatever no other operation is there for. It looks at the token itself: a browser asks for permission without one. */
export const fallbackRoute = operation({
  id: 'fallbackRoute',
  method: 'GET',
  path: '/{anything}',
  tag: '',
  summary: 'Answers what no other operation is there for',
  request: { ...nothing, path: z.unknown(), query: z.unknown() },
  answers: {},
  problems: [],
  isOpen: true,
});

/**
 * Answers a request that no operation takes.
 * @throws {Problem} method-not-allowed where the path is known, else not-found
 */
export const fallbackReply = async (service: HttpService, { event }: Invocation): Promise<Reply> => {
  const { headers, rawPath } = event;
  const { method } = event.requestContext.http;
  const known = operations.filter(({ path }) => patternOf(path).test(rawPath)).map((each) => each.method);
  const isPreflight = method === 'OPTIONS' && headers.origin !== undefined && known.length > 0;
  if (isPreflight) return { status: 204, headers: preflightHeaders(known) };
  requireToken(headers.authorization, await service.tokens());
  if (known.length === 0) throw new Problem('not-found', { detail: `There is no ${rawPath.slice(0, 200)}` });
  const allow = known.join(', ');
  throw new Problem('method-not-allowed', { detail: `It knows ${allow}` }, { allow });
};

/** A reference or a visitor's id may hold a slash, which arrives decoded. */
const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path.replaceAll(/[.]/g, '\\.').replaceAll(/\{(\w+)\}/g, (_, name) => (name === 'id' ? '[^/]+' : '.+'))}$`,
  );
