import { hash } from 'node:crypto';
import type { Desired } from './notice.ts';

/** Sorts after every hash. */
const afterAll = '~';
const endOfTime = '9'.repeat(15);
/** The rank of a desired state without a status. */
const timeAlone = '0000';

const padded = (milliseconds: number): string => String(milliseconds).padStart(15, '0');

/**
 * The precedence of a desired state: the one that sorts later as text wins. A higher status wins regardless of time,
 * then the later occurrence. If both are equal the content decides, so that every worker decides alike.
 * @param rank 1–9999 for the statuses of an order, 0 if only time counts
 * @param occurredAt milliseconds since 1970
 */
export const precedenceOf = (rank: number, occurredAt: number, content: string): string =>
  `${String(rank).padStart(timeAlone.length, '0')}.${padded(occurredAt)}.${content}`;

/** Hash of the text and its sender. Equal contents have equal hashes. */
export const contentOf = (text: string | undefined, agentId?: string, groupId?: string): string =>
  hash('sha256', JSON.stringify([text ?? null, agentId ?? null, groupId ?? null])).slice(0, 16);

/**
 * The precedence of an override or a withdrawal. It wins over every event of the current status, or, if only time
 * counts, over everything that occurred up to `occurredAt`. Among several overrides of the same status, the one with
 * the later `at` wins. Both in milliseconds since 1970.
 */
export const overridePrecedence = (
  met: Desired | undefined,
  { occurredAt, at }: { occurredAt: number; at: number },
): string => `${rankOf(met)}.${hasRank(met) ? endOfTime : padded(occurredAt)}.${afterAll}${padded(at)}`;

/** The time of the override that this desired state is; undefined if an event created it. */
export const overriddenAt = ({ precedence }: Desired): number | undefined => {
  const [, at] = precedence.split(afterAll);
  return at === undefined ? undefined : Number(at);
};

/** Whether the desired state has a rank. If not, only time counts. */
export const hasRank = (desired: Desired | undefined): boolean => rankOf(desired) !== timeAlone;

const rankOf = (desired: Desired | undefined): string =>
  desired?.precedence.slice(0, timeAlone.length) ?? timeAlone;

const laterFirst = (a: Desired, b: Desired): number => (a.precedence < b.precedence ? 1 : -1);

/**
 * Of all desired states of a notice, the one that wins, and those it has superseded. A superseded state has lower
 * precedence although it occurred later, and is the highest of its time. Only superseded states can matter again:
 * when the order is reopened at an earlier moment.
 */
export const prevailing = (
  states: readonly [Desired, ...Desired[]],
): { desired: Desired; superseded: Desired[] } => {
  const [desired = states[0], ...others] = states.toSorted(laterFirst);
  let latest = desired.occurredAt;
  const superseded = others.filter(({ occurredAt }) => {
    const matters = occurredAt > latest;
    latest = Math.max(latest, occurredAt);
    return matters;
  });
  return { desired, superseded };
};
