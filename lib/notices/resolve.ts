import { observedFor } from './deliver.ts';
import { keepingTrack } from './desire.ts';
import type { Notice } from './notice.ts';

/**
 * An operator's answer for a notice that is held. Of a post of unknown outcome: `sent`, it is in the chat; `resend`, it
 * is not and still has to be sent; `drop`, it is not and need not be sent. `retry`: Brevo is to be asked again for what
 * it refused.
 */
export type Resolution = 'sent' | 'resend' | 'drop' | 'retry';

/**
 * Carries out an operator's answer.
 * @param messageId the message found, for `sent`; without it a later deletion cannot reach that message
 * @returns nothing if the notice is not held for what the answer is about
 */
export const resolve = (
  notice: Notice,
  resolution: Resolution,
  { now, messageId }: { now: number; messageId?: string },
): Notice | undefined => {
  const { unknown, refusal, ...open } = keepingTrack(notice);
  if (resolution === 'retry') return refusal === undefined ? undefined : { ...open, dueAt: now, attempts: 0 };
  if (unknown === undefined) return undefined;
  switch (resolution) {
    case 'sent': {
      const { revision, at } = unknown;
      const shown = { ...open, ...observedFor(notice, messageId) };
      return messageId === undefined
        ? { ...shown, orphans: [...notice.orphans, { revision, at }] }
        : { ...shown, messages: [...notice.messages, messageId] };
    }
    case 'resend':
      return { ...open, dueAt: now, attempts: 0 };
    case 'drop':
      return { ...open, expired: true };
  }
};
