import type { NoticesService } from '../composition/http-services.ts';
import type { Notice } from '../notices/notice.ts';
import { type Resolution, resolve } from '../notices/resolve.ts';
import { changeable } from './known-notice.ts';
import { Problem } from './problem.ts';

/**
 * Takes an operator's answer for a notice that is held.
 * @param path the reference and `/resolve`: the route takes all that follows `/notices/`, slashes included
 * @param answer.messageId the message that was found, for `sent`
 * @throws {Problem} not-found; conflict where the notice is not held for what the answer is about
 */
export const answerFor = async (
  { store, now }: Pick<NoticesService, 'store' | 'now'>,
  path: string,
  { action, messageId }: { action: Resolution; messageId?: string | undefined },
): Promise<Notice> => {
  const reference = heldReference(path);
  const found = messageId === undefined ? {} : { messageId };
  const notice = await store.change(reference, (seen) => {
    const resolved = resolve(changeable(seen), action, { now: now(), ...found });
    if (resolved !== undefined) return resolved;
    throw new Problem('conflict', {
      detail: `${reference} is not held for an answer such as ${action}`,
      reference,
    });
  });
  // After the notice, which alone decides whether the answer counts.
  if (messageId !== undefined) await store.pointTo(messageId, reference);
  return notice;
};

const heldReference = (path: string): string => {
  const suffix = '/resolve';
  if (path.endsWith(suffix) && path.length > suffix.length) return path.slice(0, -suffix.length);
  const allow = 'GET, PUT, DELETE';
  throw new Problem(
    'method-not-allowed',
    { detail: `A notice knows ${allow}, and POST at its /resolve` },
    { allow },
  );
};
