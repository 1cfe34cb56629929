/** Whether requests lay idle while messages waited. */
import { httpReserve } from '../../../lib/budget/budget.ts';
import type { LoggedRequest } from '../brevo-wire.ts';
import { type SubjectInChat, seenAt } from './chats.ts';

type Interval = readonly [start: number, end: number];

/** When a desired state of the subject waited: from when its event came in until it was seen or superseded. */
const waitsOf = ({ subject: { states }, sights }: SubjectInChat, end: number): Interval[] =>
  merged(
    states.flatMap((state, index): Interval[] => {
      const { text, arrivedAt } = state;
      if (text === undefined) return [];
      const supersededAt = Math.min(end, ...states.slice(index + 1).map((later) => later.arrivedAt));
      const until = Math.min(seenAt({ sights }, state) ?? end, supersededAt);
      return until > arrivedAt ? [[arrivedAt, until]] : [];
    }),
  );

const merged = (intervals: readonly Interval[]): Interval[] => {
  const apart: Interval[] = [];
  for (const [start, until] of intervals.toSorted(([a], [b]) => a - b)) {
    const last = apart.at(-1);
    if (last === undefined || start > last[1]) apart.push([start, until]);
    else apart[apart.length - 1] = [last[0], Math.max(last[1], until)];
  }
  return apart;
};

/** When at least one desired state waited. */
export const backlogOf = (chats: readonly SubjectInChat[], end: number): Interval[] =>
  merged(chats.flatMap((chat) => waitsOf(chat, end)));

/** What came by so much later may wait for less long. Milliseconds. */
const overtakenMs = 15 * 60_000;

/** The share of the orders' waits that ended before one that had begun a quarter of an hour earlier. */
export const overtakenShare = (chats: readonly SubjectInChat[], end: number): number => {
  const waits = chats
    .filter(({ subject }) => subject.reference.startsWith('order:'))
    .flatMap((chat) => waitsOf(chat, end))
    .filter(([, until]) => until < end);
  const overtakers = waits.filter(([start, until]) =>
    waits.some(([earlier, later]) => earlier + overtakenMs <= start && later > until),
  );
  return waits.length === 0 ? 0 : overtakers.length / waits.length;
};

export interface BudgetUse {
  requests: readonly LoggedRequest[];
  limitAt: (time: number) => number;
  windowMs: number;
  /** The most pings that presence may need in a window from this moment on. */
  reservedFrom: (time: number) => number;
}

/**
 * The share of the requests that were sent, or kept for presence and HTTP, in the windows in which messages waited all the
 * time. Windows are taken at every minute, so that it does not matter where they begin.
 * @returns 1 where no window was that long
 */
export const budgetUsed = (backlog: readonly Interval[], use: BudgetUse): number => {
  const { requests, limitAt, windowMs, reservedFrom } = use;
  let used = 0;
  let allowed = 0;
  for (const [start, end] of backlog) {
    for (let from = start; from + windowMs <= end; from += windowMs / 60) {
      const to = from + windowMs;
      const sent = requests.filter(({ time }) => time >= from && time < to);
      const pings = sent.filter(({ changed }) => changed === 'pinged').length;
      const moments = Array.from({ length: 7 }, (_, index) => from + (index * windowMs) / 6);
      const reserved = Math.max(0, ...moments.map(reservedFrom));
      const limit = limitAt(to);
      used += Math.min(limit, sent.length + httpReserve(limit) + Math.max(0, reserved - pings));
      allowed += limit;
    }
  }
  return allowed === 0 ? 1 : used / allowed;
};
