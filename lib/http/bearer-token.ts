import { matchesSecret } from '../runtime/secret-match.ts';
import { Problem } from './problem.ts';

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
