/** Whether requests lay idle while messages waited. */
import { httpReserve } from '../../../lib/budget/budget.ts';
import type { LoggedRequest } from '../brevo-wire.ts';
import type { SubjectInChat } from './chats.ts';

type Interval = readonly [start: number, end: number];

/** When at least one desired state waited: from when its event came in until it was seen or superseded. */
export const backlogOf = (chats: readonly SubjectInChat[], end: number): Interval[] => {
  const waits = chats.flatMap(({ subject: { states }, sights }) =>
    states.flatMap(({ text, arrivedAt }, index): Interval[] => {
      if (text === undefined) return [];
      const seenAt = sights.find((sight) => sight.index === index)?.at ?? end;
      const supersededAt = Math.min(end, ...states.slice(index + 1).map((later) => later.arrivedAt));
      const until = Math.min(seenAt, supersededAt);
      return until > arrivedAt ? [[arrivedAt, until]] : [];
    }),
  );
  const merged: Interval[] = [];
  for (const [start, until] of waits.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last === undefined || start > last[1]) merged.push([start, until]);
    else merged[merged.length - 1] = [last[0], Math.max(last[1], until)];
  }
  return merged;
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
