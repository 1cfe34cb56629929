import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string | Uint8Array): Buffer => createHash('sha256').update(text).digest();

/**
 * Whether something that was offered is one of the secrets. Each is compared with each in full, in constant time, so that
 * the time taken reveals nothing of them.
 * @param secrets several during a rotation; an empty one matches nothing
 */
export const matchesSecret = (
  offered: readonly (string | Uint8Array)[],
  secrets: readonly string[],
): boolean => {
  const known = secrets.filter((secret) => secret !== '').map(digest);
  const matches = offered
    .map(digest)
    .flatMap((given) => known.map((secret) => timingSafeEqual(secret, given)));
  return matches.includes(true);
};
