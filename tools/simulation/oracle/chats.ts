/** What the visitors should see, from the shop's events alone, and what they saw, from Brevo's messages alone. */

import type { Message } from '../../brevo/state.ts';
import type { Expected, StatedEvent } from '../event.ts';

/** A text that a visitor should read, from the first event that asks for it on. */
interface DesiredState {
  reference: string;
  visitorId: string;
  text: string | undefined;
  standsAlone: boolean;
  place: Expected['place'];
  /** When it truly happened first and last, and when an event of it came first. Milliseconds since 1970. */
  at: number;
  lastAt: number;
  arrivedAt: number;
}

/** All desired states of one subject, in the order in which they count: the last has to stand. */
export interface Subject {
  reference: string;
  visitorId: string;
  states: DesiredState[];
  final: DesiredState;
}

/**
 * @param events those of the shop, and what the operators had done
 * @param arrivals when each event came first, by its id
 */
export const subjectsOf = (
  events: readonly StatedEvent[],
  arrivals: ReadonlyMap<string, number>,
): Map<string, Subject> => {
  const stated = events.flatMap(({ id, at, expected }) =>
    expected.map((one): DesiredState => ({ ...one, at, lastAt: at, arrivedAt: arrivals.get(id) ?? at })),
  );
  const subjects = new Map<string, Subject>();
  for (const [reference, all] of Map.groupBy(stated, (one) => one.reference)) {
    const states = merged(all.toSorted((a, b) => comparePlaces(a.place, b.place)));
    const final = states.at(-1);
    if (final !== undefined)
      subjects.set(reference, { reference, visitorId: final.visitorId, states, final });
  }
  return subjects;
};

/** Saved again without change, it is the same state, which counts from now on. */
const merged = (states: readonly DesiredState[]): DesiredState[] => {
  const different: DesiredState[] = [];
  for (const state of states) {
    const last = different.at(-1);
    if (last === undefined || last.text !== state.text) different.push({ ...state });
    else {
      last.at = Math.min(last.at, state.at);
      last.lastAt = Math.max(last.lastAt, state.at);
      last.arrivedAt = Math.min(last.arrivedAt, state.arrivedAt);
      last.place = state.place;
    }
  }
  return different;
};

const comparePlaces = (a: Expected['place'], b: Expected['place']): number =>
  a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/** A text that came into sight: a message was sent, or edited. */
interface Sight {
  at: number;
  messageId: string;
  text: string;
  /** Its place among the desired states of its subject. */
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

/**
 * @param tentative texts that an operator asked for without learning what became of it
 * @throws Error when a chat shows a text that nobody asked for, or that is another visitor's
 */
export const readChats = (
  subjects: ReadonlyMap<string, Subject>,
  messages: readonly Message[],
  tentative: readonly { reference: string; visitorId: string; text: string }[] = [],
): SubjectInChat[] => {
  const chats = new Map<string, SubjectInChat>();
  for (const subject of subjects.values())
    chats.set(subject.reference, { subject, sights: [], standing: [] });
  const stated = Array.from(subjects.values()).flatMap(({ reference, visitorId, states }) =>
    states.flatMap(({ text }) => (text === undefined ? [] : [{ reference, visitorId, text }])),
  );
  const owners = new Map(
    [...tentative, ...stated].map(({ reference, visitorId, text }) => [keyOf(visitorId, text), reference]),
  );
  const certain = new Set(stated.map(({ visitorId, text }) => keyOf(visitorId, text)));
  for (const message of messages.toSorted((a, b) => a.createdAt - b.createdAt)) {
    const { id, visitorId } = message;
    for (const { at, text } of message.history) {
      const reference = owners.get(keyOf(visitorId, text));
      if (reference === undefined) throw new Error(`nobody asked for this text for ${visitorId}: ${text}`);
      const chat = chats.get(reference);
      if (certain.has(keyOf(visitorId, text))) chat?.sights.push({ at, messageId: id, text, index: -1 });
    }
    if (message.deletedAt === null)
      chats.get(owners.get(keyOf(visitorId, message.text)) ?? '')?.standing.push(message);
  }
  for (const chat of chats.values()) placeSights(chat);
  return Array.from(chats.values());
};

/** A text that came back may be any of its states: the next of them, unless all of them are over. */
const placeSights = ({ sights, subject: { states } }: SubjectInChat): void => {
  sights.sort((a, b) => a.at - b.at);
  let newest = 0;
  for (const sight of sights) {
    const next = states.findIndex(({ text }, index) => index >= newest && text === sight.text);
    sight.index = next < 0 ? states.findLastIndex(({ text }) => text === sight.text) : next;
    newest = Math.max(newest, sight.index);
  }
};

/** When a state was seen; one that came back without ever having left the chat, at once. */
export const seenAt = (
  { sights }: Pick<SubjectInChat, 'sights'>,
  { text, arrivedAt }: Pick<DesiredState, 'text' | 'arrivedAt'>,
): number | undefined =>
  sights.findLast(({ at }) => at <= arrivedAt)?.text === text
    ? arrivedAt
    : sights.find((sight) => sight.at > arrivedAt && sight.text === text)?.at;

/**
 * Whether this is what stands: in the newest message, and alone if it is to.
 * @param desired the last desired state of the shop, or what the bridge holds for it
 * @param mayStand texts whose posts were ambiguous: the bridge could neither edit nor delete such a message
 */
export const isShown = (
  { text, standsAlone }: Pick<DesiredState, 'text' | 'standsAlone'>,
  standing: readonly Message[],
  mayStand: readonly string[] = [],
): boolean => {
  const sure = standing.filter((message) => message.text === text || !mayStand.includes(message.text));
  if (text === undefined) return sure.length === 0;
  return sure.at(-1)?.text === text && (!standsAlone || sure.length === 1);
};

/** Whether the last desired state stands. */
export const isRight = (
  { subject: { final }, standing }: SubjectInChat,
  mayStand?: readonly string[],
): boolean => isShown(final, standing, mayStand);

/**
 * Texts that came into sight in more than one message: as many as are too many.
 * @param maybeShown texts whose posts were ambiguous: one that comes back later may be shown beside such a message
 */
export const countDuplicates = (
  { sights, subject: { states } }: SubjectInChat,
  maybeShown: readonly string[] = [],
): number => {
  const cameBack = (text: string) => states.filter((state) => state.text === text).length > 1;
  const messagesByText = Map.groupBy(sights, ({ text }) => text);
  return Array.from(messagesByText).reduce(
    (sum, [text, seen]) =>
      maybeShown.includes(text) && cameBack(text)
        ? sum
        : sum + new Set(seen.map(({ messageId }) => messageId)).size - 1,
    0,
  );
};

/** A shop's clock is fast by less than this, and a call takes no longer. Milliseconds. */
const lenienceMs = 60_000;

/** Messages that were sent though their events were too old by then. An edit is never too late. */
export const countStale = ({ subject: { states }, sights }: SubjectInChat, freshnessMs: number): number => {
  const shown = new Set<string>();
  return sights.filter(({ at, messageId, index }) => {
    const isEdit = shown.has(messageId);
    shown.add(messageId);
    const { text } = states[index] ?? {};
    const lastAt = states.findLast((state) => state.text === text)?.lastAt ?? at;
    return !isEdit && at > lastAt + freshnessMs + lenienceMs;
  }).length;
};

/** How often a visitor saw an older state after a newer one. */
export const countRegressions = ({ sights }: SubjectInChat): number => {
  let newest = -1;
  let regressions = 0;
  for (const { index } of sights) {
    if (index < newest) regressions++;
    newest = Math.max(newest, index);
  }
  return regressions;
};
