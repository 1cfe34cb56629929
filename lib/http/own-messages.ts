import type { NoticesService } from '../composition/http-services.ts';
import type { Notice } from '../notices/notice.ts';
import { removeMessage, rewriteMessage } from '../notices/person-message.ts';
import { newsOf } from './news-of.ts';

type Owner = Pick<NoticesService, 'store' | 'now' | 'wishes'>;

/**
 * Has a notice say something else by the id of its newest message.
 * @returns the notice; nothing if the message is none's, or not the newest: then Brevo alone knows what it says
 */
export const rewriteOwn = async (
  owner: Owner,
  messageId: string,
  text: string,
): Promise<Notice | undefined> => {
  const { store } = owner;
  const reference = await store.ownerOf(messageId);
  if (reference === undefined) return undefined;
  let isNewest = false;
  const notice = await store.change(reference, (seen) => {
    const rewritten = rewriteMessage(seen, messageId, text, newsOf(owner));
    isNewest = rewritten !== undefined;
    return rewritten ?? seen;
  });
  return isNewest ? notice : undefined;
};

/**
 * Has a notice give up one of its messages.
 * @returns the notice; nothing if the message is none's
 */
export const removeOwn = async ({ store, now }: Owner, messageId: string): Promise<Notice | undefined> => {
  const reference = await store.ownerOf(messageId);
  if (reference === undefined) return undefined;
  return store.change(reference, (seen) => removeMessage(seen, messageId, now()));
};

/** Whether the notice has nothing to do with the message any more. */
export const isGone = ({ messages, surplus }: Notice, messageId: string): boolean =>
  !messages.includes(messageId) && !surplus.includes(messageId);
