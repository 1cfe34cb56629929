import { proven } from './lease.ts';
import { isUnconfirmed, type Notice } from './notice.ts';
import type { NoticeStore } from './store.ts';

/** A message sent by the bridge that Brevo shows in a conversation. */
export interface SeenMessage {
  visitorId: string;
  messageId: string;
  text: string;
}

/**
 * Settles the post of unknown outcome that this message proves to have been sent, or names the message of the post that
 * is under way. It must have the same visitor and text, and belong to no notice yet.
 * @returns the notice, if there is one
 */
export const settleSeen = async (
  { store, now }: { store: NoticeStore; now: () => number },
  { visitorId, messageId, text }: SeenMessage,
): Promise<Notice | undefined> => {
  if ((await store.ownerOf(messageId)) !== undefined) return undefined;
  for await (const reference of store.ofVisitor(visitorId)) {
    const notice = await store.change(reference, (seen) =>
      seen.visitorId === visitorId ? withSeen(seen, messageId, text, now()) : seen,
    );
    if (!knows(notice, messageId)) continue;
    await store.pointTo(messageId, reference);
    return notice;
  }
  return undefined;
};

const withSeen = (notice: Notice, messageId: string, text: string, now: number): Notice => {
  if (knows(notice, messageId)) return notice;
  const { call } = notice;
  if (call?.step === 'post' && call.desired.text === text && call.messageId === undefined)
    return { ...notice, call: { ...call, messageId } };
  const lost = notice.messages.findLast((message) => isUnconfirmed(message) && message.text === text);
  return lost === undefined ? notice : proven(notice, { ...lost, id: messageId }, now);
};

const knows = ({ messages, call }: Notice, messageId: string): boolean =>
  call?.messageId === messageId || messages.some(({ id }) => id === messageId);
