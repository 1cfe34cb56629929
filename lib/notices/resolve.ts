import { told } from './deliver.ts';
import { keepingTrack } from './desire.ts';
import type { Notice } from './notice.ts';

/**
 * A person's answer for a notice that is held. Of a post of unknown outcome: `sent`, it is in the chat; `resend`, it
 * is not and is still to be told; `drop`, it is not and need not be told. `retry`: Brevo is to be asked again for what
 * it refused.
 */
export type Answer = 'sent' | 'resend' | 'drop' | 'retry';

/**
 * Carries out a person's answer.
 * @param messageId the message found, for `sent`; without it a later deletion cannot reach that message
 * @returns nothing if the notice is not held for what the answer is about
 */
export const resolve = (
  notice: Notice,
  answer: Answer,
  { now, messageId }: { now: number; messageId?: string },
): Notice | undefined => {
  const { unknown, failure, ...open } = keepingTrack(notice);
  if (answer === 'retry') return failure === undefined ? undefined : { ...open, dueAt: now, attempts: 0 };
  if (unknown === undefined) return undefined;
  switch (answer) {
    case 'sent': {
      const { revision, at } = unknown;
      const shown = { ...open, ...told(notice, messageId) };
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
