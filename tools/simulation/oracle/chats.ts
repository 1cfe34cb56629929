/** What the visitors saw, told from the messages of the simulated Brevo alone. */
import type { Message } from '../../brevo/message.ts';
import type { Subject } from './subjects.ts';

/** A text that came into sight: a message was sent, or edited. */
interface Sight {
  at: number;
  messageId: string;
  text: string;
  /** Its place among the news of its subject. */
  index: number;
}

/** The chat of one visitor, as far as it is about one subject. */
export interface SubjectInChat {
  subject: Subject;
  /** In the order of time. */
  sights: Sight[];
  /** The messages that were not deleted, oldest first. */
  standing: Message[];
}

const keyOf = (visitorId: string, text: string): string => `${visitorId} ${text}`;

/** @throws Error when a chat shows a text that nobody asked for, or that is another visitor's */
export const readChats = (
  subjects: ReadonlyMap<string, Subject>,
  messages: readonly Message[],
): SubjectInChat[] => {
  const chats = new Map<string, SubjectInChat>();
  for (const subject of subjects.values())
    chats.set(subject.reference, { subject, sights: [], standing: [] });
  const meant = new Map(
    Array.from(subjects.values()).flatMap(({ reference, visitorId, news }) =>
      news.flatMap(({ text }, index) =>
        text === undefined ? [] : [[keyOf(visitorId, text), { reference, index }] as const],
      ),
    ),
  );
  for (const message of messages.toSorted((a, b) => a.createdAt - b.createdAt)) {
    for (const { at, text } of message.history) {
      const found = meant.get(keyOf(message.visitorId, text));
      if (found === undefined) throw new Error(`nobody asked to tell ${message.visitorId}: ${text}`);
      const chat = chats.get(found.reference);
      chat?.sights.push({ at, messageId: message.id, text, index: found.index });
      if (message.deletedAt === null && text === message.text) chat?.standing.push(message);
    }
  }
  for (const { sights } of chats.values()) sights.sort((a, b) => a.at - b.at);
  return Array.from(chats.values());
};

/**
 * Whether the last news stands: in the newest message, and alone if it is to.
 * @param mayStand texts whose posts were ambiguous: the bridge could neither edit nor delete such a message
 */
export const isRight = (
  { subject: { final }, standing }: SubjectInChat,
  mayStand: readonly string[] = [],
): boolean => {
  const sure = standing.filter(({ text }) => !mayStand.includes(text));
  if (final.text === undefined) return sure.length === 0;
  return sure.at(-1)?.text === final.text && (!final.standsAlone || sure.length === 1);
};

/** Texts that came into sight in more than one message: as many as are too many. */
export const countDuplicates = ({ sights }: SubjectInChat): number => {
  const messagesByText = Map.groupBy(sights, ({ text }) => text).values();
  return Array.from(messagesByText).reduce(
    (sum, seen) => sum + new Set(seen.map(({ messageId }) => messageId)).size - 1,
    0,
  );
};

/** A shop's clock is fast by less than this, and a call takes no longer. Milliseconds. */
const lenienceMs = 60_000;

/** Messages that were sent though what they tell had happened too long before. Edits know no too late. */
export const countStale = ({ subject: { news }, sights }: SubjectInChat, freshnessMs: number): number => {
  const told = new Set<string>();
  return sights.filter(({ at, messageId, index }) => {
    const isEdit = told.has(messageId);
    told.add(messageId);
    return !isEdit && at > (news[index]?.lastAt ?? at) + freshnessMs + lenienceMs;
  }).length;
};

/** How often a visitor saw older news after newer news. */
export const countRegressions = ({ sights }: SubjectInChat): number => {
  let newest = -1;
  let regressions = 0;
  for (const { index } of sights) {
    if (index < newest) regressions++;
    newest = Math.max(newest, index);
  }
  return regressions;
};
