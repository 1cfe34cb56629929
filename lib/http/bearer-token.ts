import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from './problem.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Lets in who has one of the tokens; several count at once, so that one can be replaced. Each is compared in full, in
 * constant time, so that an answer's time tells nothing of them.
 * @throws {Problem} unauthorised
 */
export const requireToken = (authorization: string | undefined, tokens: readonly string[]): void => {
  const given = digest(/^bearer +(.+)$/i.exec(authorization ?? '')?.[1] ?? '');
  const known = tokens.filter((token) => token !== '').map((token) => timingSafeEqual(digest(token), given));
  if (known.includes(true)) return;
  const detail = 'Send the header Authorization: Bearer <token> with one of the tokens set up for the bridge';
  throw new Problem('unauthorised', { detail }, { 'www-authenticate': 'Bearer' });
};
