import { matchesSecret } from '../runtime/secrets.ts';
import { Problem } from './contract/problem.ts';

/**
 * Lets in who has one of the tokens; several count at once, so that one can be replaced.
 * @throws {Problem} unauthorised
 */
export const requireToken = (authorization: string | undefined, tokens: readonly string[]): void => {
  const given = /^bearer +(.+)$/i.exec(authorization ?? '')?.[1] ?? '';
  if (matchesSecret([given], tokens)) return;
  const detail = 'Send the header Authorization: Bearer <token> with one of the tokens set up for the bridge';
  throw new Problem('unauthorised', { detail }, { 'www-authenticate': 'Bearer' });
};

const varies = { vary: 'origin' };

/**
 * The headers that let a page of a chosen origin read the answer (https://fetch.spec.whatwg.org/#http-cors-protocol).
 * @param origins such as `https://backoffice.example.com`; none by default
 * @throws {Problem} origin-refused for a page of any other
 */
export const crossOriginHeaders = (
  origin: string | undefined,
  origins: readonly string[],
): Record<string, string> => {
  if (origin === undefined) return origins.length === 0 ? {} : varies;
  if (!origins.includes(origin)) {
    const detail = 'Its origin is not among http.origins of bridge.config.ts';
    throw new Problem('origin-refused', { detail }, varies);
  }
  return {
    ...varies,
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'location, retry-after',
  };
};

/** The answer to a preflight request, which carries no token. */
export const preflightHeaders = (methods: readonly string[]): Record<string, string> => ({
  'access-control-allow-methods': methods.join(', '),
  'access-control-allow-headers': 'authorization, content-type, idempotency-key',
  'access-control-max-age': '3600',
});
