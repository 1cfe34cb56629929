import type { Notice } from './notice.ts';
import { resolve } from './override.ts';
import type { NoticeStore } from './store.ts';

/** A message of the bridge's own that Brevo shows in a conversation. */
export interface SeenMessage {
  visitorId: string;
  messageId: string;
  text: string;
}

/**
 * Settles the post of unknown outcome that a message in the chat proves to have been sent: for the same visitor, with the
 * same text, and a message that no notice knows.
 * @returns the notice, if there was one
 */
export const settleSeen = async (
  { store, now }: { store: NoticeStore; now: () => number },
  { visitorId, messageId, text }: SeenMessage,
): Promise<Notice | undefined> => {
  if ((await store.ownerOf(messageId)) !== undefined) return undefined;
  for await (const reference of store.ofVisitor(visitorId)) {
    let isSettled = false;
    const notice = await store.change(reference, (seen) => {
      isSettled = false;
      if (seen.unknown === undefined || seen.visitorId !== visitorId || seen.desired?.text !== text)
        return seen;
      const sent = resolve(seen, 'sent', { now: now(), messageId });
      isSettled = sent !== undefined;
      return sent ?? seen;
    });
    if (!isSettled) continue;
    await store.pointTo(messageId, reference);
    return notice;
  }
  return undefined;
};
