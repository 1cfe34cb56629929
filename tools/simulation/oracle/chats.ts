/** What the visitors should see, from the shop's events alone, and what they saw, from Brevo's messages alone. */

import type { Message } from '../../brevo/state.ts';
import type { Expected, WorldEvent } from '../event.ts';

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

/** @param arrivals when each event came first, by its id */
export const subjectsOf = (
  events: readonly WorldEvent[],
  arrivals: ReadonlyMap<string, number>,
): Map<string, Subject> => {
  const subjects = new Map<string, Subject>();
  for (const { id, at, expected } of events) {
    for (const { reference, visitorId, text, standsAlone, place } of expected) {
      const arrivedAt = arrivals.get(id) ?? at;
      const state = { reference, visitorId, text, standsAlone, place, at, lastAt: at, arrivedAt };
      const known = subjects.get(reference);
      if (known === undefined) {
        subjects.set(reference, { reference, visitorId, states: [state], final: state });
        continue;
      }
      // Saved again without change: the same state, which counts from now on.
      const same = known.states.find((each) => each.text === text);
      if (same === undefined) known.states.push(state);
      else {
        same.lastAt = Math.max(same.lastAt, at);
        same.arrivedAt = Math.min(same.arrivedAt, arrivedAt);
        if (comparePlaces(same.place, place) < 0) same.place = place;
      }
      known.states.sort((a, b) => comparePlaces(a.place, b.place));
      known.final = known.states.at(-1) ?? state;
    }
  }
  return subjects;
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

/** @throws Error when a chat shows a text that nobody asked for, or that is another visitor's */
export const readChats = (
  subjects: ReadonlyMap<string, Subject>,
  messages: readonly Message[],
): SubjectInChat[] => {
  const chats = new Map<string, SubjectInChat>();
  for (const subject of subjects.values())
    chats.set(subject.reference, { subject, sights: [], standing: [] });
  const meant = new Map(
    Array.from(subjects.values()).flatMap(({ reference, visitorId, states }) =>
      states.flatMap(({ text }, index) =>
        text === undefined ? [] : [[keyOf(visitorId, text), { reference, index }] as const],
      ),
    ),
  );
  for (const message of messages.toSorted((a, b) => a.createdAt - b.createdAt)) {
    for (const { at, text } of message.history) {
      const found = meant.get(keyOf(message.visitorId, text));
      if (found === undefined)
        throw new Error(`nobody asked for this text for ${message.visitorId}: ${text}`);
      const chat = chats.get(found.reference);
      chat?.sights.push({ at, messageId: message.id, text, index: found.index });
      if (message.deletedAt === null && text === message.text) chat?.standing.push(message);
    }
  }
  for (const { sights } of chats.values()) sights.sort((a, b) => a.at - b.at);
  return Array.from(chats.values());
};

/**
 * Whether the last desired state stands: in the newest message, and alone if it is to.
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

/** Messages that were sent though their events were too old by then. An edit is never too late. */
export const countStale = ({ subject: { states }, sights }: SubjectInChat, freshnessMs: number): number => {
  const shown = new Set<string>();
  return sights.filter(({ at, messageId, index }) => {
    const isEdit = shown.has(messageId);
    shown.add(messageId);
    return !isEdit && at > (states[index]?.lastAt ?? at) + freshnessMs + lenienceMs;
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
