/** Whether each notice ended as it had to, and what excuses it if not. */
import { type Notice, stateOf } from '../../../lib/notices/notice.ts';
import { orderStatuses } from '../../../lib/texts/order-status.ts';
import { policyOf } from '../config.ts';
import type { Run } from '../run.ts';
import { countDuplicates, isRight, isShown, type Subject, type SubjectInChat } from './chats.ts';
import { isAmbiguous, postPath } from './traffic.ts';

/** Posts of which the bridge cannot know whether they took effect: the answer says nothing, or died with its reader. */
export const ambiguousPosts = ({ calls, requests, kills, written }: Run) => {
  const killed = new Set(kills.map(({ worker }) => worker));
  const isForgotten = (
    messageId: string | null | undefined,
    worker: (typeof calls)[number]['worker'],
  ): boolean =>
    worker !== undefined &&
    killed.has(worker) &&
    messageId != null &&
    !written.some((text) => text.includes(messageId));
  return calls
    .filter(({ method, path }) => method === 'POST' && path === postPath)
    .filter((call) => isAmbiguous(call) || isForgotten(requests[call.logIndex ?? -1]?.target, call.worker));
};

/** What excuses a desired state that does not stand: its post was ambiguous, or whoever was at it was killed. */
export const doubtsIn = (run: Run) => {
  const texts = new Set(ambiguousPosts(run).map(({ visitorId, text }) => `${visitorId} ${text}`));
  const claimed = new Set(run.kills.flatMap(({ claimed }) => claimed));
  const { undecided } = run.desk;
  return {
    isAmbiguous: (visitorId: string, text: string) => texts.has(`${visitorId} ${text}`),
    /** Whether a worker died while it held the notice. */
    isForsaken: (reference: string) => claimed.has(reference),
    /** Whether nobody knows what an operator wanted last. */
    isUndecided: (reference: string) => undecided.has(reference),
    tentative: run.desk.tentative,
  };
};

export type Doubts = ReturnType<typeof doubtsIn>;

/** The texts of a subject whose posts were ambiguous. */
const ambiguousTexts = ({ reference, visitorId, states }: Subject, doubts: Doubts): string[] =>
  [...states, ...doubts.tentative.filter((each) => each.reference === reference)].flatMap(({ text }) =>
    text !== undefined && doubts.isAmbiguous(visitorId, text) ? [text] : [],
  );

export const judge = (chat: SubjectInChat, notice: Notice | undefined, doubts: Doubts) => {
  const { subject, standing } = chat;
  const { reference, final } = subject;
  const ambiguous = ambiguousTexts(subject, doubts);
  const right = isRight(chat, ambiguous);
  const state = notice === undefined ? undefined : stateOf(notice);
  const isHeld = state === 'unknown' || state === 'refused' || state === 'expired';
  const stands = final.text === undefined ? right : standing.some(({ text }) => text === final.text);
  const isUndecided = doubts.isUndecided(reference);
  return {
    duplicates: countDuplicates(chat, ambiguous),
    isRight: right,
    isLost: !stands && !isHeld && !isUndecided,
    isDoubtful:
      isUndecided ||
      (final.text !== undefined && ambiguous.includes(final.text)) ||
      (isHeld && doubts.isForsaken(reference)),
    isSettledWrong: state === 'settled' && !isShown(desiredOf(notice), standing, ambiguous),
  };
};

/** What the bridge itself holds for desired. */
const desiredOf = (notice: Notice | undefined): { text: string | undefined; standsAlone: boolean } => {
  const text = notice?.desired?.text;
  const status = orderStatuses.find((each) => each === notice?.desired?.status);
  return {
    text,
    standsAlone: text === undefined || (status !== undefined && policyOf(status) === 'replace'),
  };
};

/** Notices that an operator saw as held for an unknown outcome, or that still are. */
export const everHeld = ({ notices, desk }: Run): Set<string> => {
  const held = notices.filter((notice) => stateOf(notice) === 'unknown');
  return new Set([...desk.heldSince.keys(), ...held.map(({ reference }) => reference)]);
};

/** Those that were held though no post for them was ambiguous. */
export const heldNeedlessly = (run: Run, subjects: ReadonlyMap<string, Subject>, doubts: Doubts): string[] =>
  Array.from(everHeld(run)).filter((reference) => {
    const subject = subjects.get(reference);
    const isExcused = subject !== undefined && ambiguousTexts(subject, doubts).length > 0;
    return !isExcused && !doubts.isForsaken(reference);
  });

/**
 * Visitors whose erasure was reported as complete while more messages stood than were reported as unreachable. What a
 * function sent that began before counts as well, however late it did.
 */
export const erasedWrong = ({ desk, erased, calls, requests, messages }: Run): string[] => {
  const byId = new Map(messages.map((message) => [message.id, message]));
  return desk.erasures.flatMap(({ visitorId, doneAt, unreachable }) => {
    const event = erased.find((each) => each.visitorId === visitorId);
    const completeAt = Math.min(event?.at ?? Number.POSITIVE_INFINITY, doneAt ?? Number.POSITIVE_INFINITY);
    const standing = calls.filter(({ method, path, worker, logIndex }) => {
      if (method !== 'POST' || path !== postPath || (worker?.startedAt ?? 0) > completeAt) return false;
      const message = byId.get(requests[logIndex ?? -1]?.target ?? '');
      return message?.visitorId === visitorId && message.deletedAt === null;
    });
    const isComplete = Number.isFinite(completeAt);
    return isComplete && standing.length > Math.max(unreachable, event?.unreachable ?? 0) ? [visitorId] : [];
  });
};
