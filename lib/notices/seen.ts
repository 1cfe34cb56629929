import type { Notice } from './notice.ts';
import { resolve } from './override.ts';
import type { NoticeStore } from './store.ts';

/** A message sent by the bridge that Brevo shows in a conversation. */
export interface SeenMessage {
  visitorId: string;
  messageId: string;
  text: string;
}

/**
 * Settles the post of unknown outcome that this message proves to have been sent. It must have the same visitor and
 * text, and belong to no notice yet.
 * @returns the notice, if there is one
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
