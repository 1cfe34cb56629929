import type { NoticesService } from '../composition/http-services.ts';
import type { Notice } from '../notices/notice.ts';
import { overrideMessage, removeMessage } from '../notices/override-message.ts';
import { newsOf } from './news-of.ts';

type Deps = Pick<NoticesService, 'store' | 'now' | 'mapping'>;

/**
 * Has a notice say something else by the id of its newest message.
 * @returns the notice; nothing if the message is none's, or not the newest: then Brevo alone knows what it says
 */
export const overrideOwn = async (
  deps: Deps,
  messageId: string,
  text: string,
): Promise<Notice | undefined> => {
  const { store } = deps;
  const reference = await store.ownerOf(messageId);
  if (reference === undefined) return undefined;
  let isNewest = false;
  const notice = await store.change(reference, (seen) => {
    const rewritten = overrideMessage(seen, messageId, text, newsOf(deps));
    isNewest = rewritten !== undefined;
    return rewritten ?? seen;
  });
  return isNewest ? notice : undefined;
};

/**
 * Has a notice give up one of its messages.
 * @returns the notice; nothing if the message is none's
 */
export const removeOwn = async ({ store, now }: Deps, messageId: string): Promise<Notice | undefined> => {
  const reference = await store.ownerOf(messageId);
  if (reference === undefined) return undefined;
  return store.change(reference, (seen) => removeMessage(seen, messageId, now()));
};

/** Whether the notice has nothing to do with the message any more. */
export const isGone = ({ messages, pendingDeletes }: Notice, messageId: string): boolean =>
  !messages.includes(messageId) && !pendingDeletes.includes(messageId);
