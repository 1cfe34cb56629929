import { hash } from 'node:crypto';
import type { Desired } from './notice.ts';

/** Sorts behind every hash. */
const afterAll = '~';
const endOfTime = '9'.repeat(15);
/** The rank of what has none. */
const timeAlone = '0000';

const padded = (milliseconds: number): string => String(milliseconds).padStart(15, '0');

/**
 * The place of a desired state among those for the same notice; of two, the one that sorts later as text prevails. A later
 * status prevails over an earlier one whenever it occurred, then the later occurrence, and where both are equal the
 * content decides, so that every worker decides alike.
 * @param rank 1–9999 for the statuses of an order, 0 where time alone counts
 * @param occurredAt milliseconds since 1970
 */
export const precedenceOf = (rank: number, occurredAt: number, content: string): string =>
  `${String(rank).padStart(timeAlone.length, '0')}.${padded(occurredAt)}.${content}`;

/** Tells two contents apart: the text, and in whose name it is sent. */
export const contentOf = (text: string | undefined, agentId?: string, groupId?: string): string =>
  hash('sha256', JSON.stringify([text ?? null, agentId ?? null, groupId ?? null])).slice(0, 16);

/**
 * The precedence of an operator's act, or of a withdrawal. It holds against every event of the status it met, or, where
 * time alone counts, against all that occurred up to `occurredAt`. Of several that hold against the same, the one of
 * the later `at` prevails. Both in milliseconds since 1970.
 */
export const overridePrecedence = (
  met: Desired | undefined,
  { occurredAt, at }: { occurredAt: number; at: number },
): string => `${rankOf(met)}.${hasRank(met) ? endOfTime : padded(occurredAt)}.${afterAll}${padded(at)}`;

/** The `at` of the act that this desired state is; nothing where an event made it. */
export const overriddenAt = ({ precedence }: Desired): number | undefined => {
  const [, at] = precedence.split(afterAll);
  return at === undefined ? undefined : Number(at);
};

/** Whether the desired state is outranked by later statuses, rather than by whatever occurs later. */
export const hasRank = (desired: Desired | undefined): boolean => rankOf(desired) !== timeAlone;

const rankOf = (desired: Desired | undefined): string =>
  desired?.precedence.slice(0, timeAlone.length) ?? timeAlone;

const laterFirst = (a: Desired, b: Desired): number => (a.precedence < b.precedence ? 1 : -1);

/**
 * Of the desired states known for a notice, the one that prevails, and those it has superseded: of lower precedence although
 * they occurred later, each the most prevalent of its time. Only these can ever matter again, when the order is
 * reopened at a moment before them.
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
