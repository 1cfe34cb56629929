/** What the operators have to do on a day, and when. */
import type { WorldEvent } from './event.ts';
import { between, oneOf, type Random } from './random.ts';
import { errandPrefix, errandStepMs } from './story.ts';

export interface DeskTask {
  kind: 'edit' | 'edit-message' | 'withdraw' | 'erase';
  /** Milliseconds since 1970. */
  at: number;
  reference: string;
  visitorId: string;
}

const shares = { edited: 0.06, withdrawn: 0.02, erased: 0.03 } as const;

const minuteMs = 60_000;

interface Told {
  reference: string;
  visitorId: string;
  times: number[];
  isReopened: boolean;
  isWithdrawn: boolean;
}

/** Draws the tasks from what the shop's events are about. Orders that were reopened are left alone: their statuses begin anew. */
export const deskTasks = (
  random: Random,
  events: readonly WorldEvent[],
  { from, to }: { from: number; to: number },
): DeskTask[] => {
  const told = Array.from(toldBy(events).values());
  const orders = told.filter(({ reference, isReopened }) => /^order:[^/]+$/.test(reference) && !isReopened);
  const visitors = new Set(told.map(({ visitorId }) => visitorId));
  const chance = (share: number) => random() < share;
  return [
    ...orders.flatMap(({ reference, visitorId, times }): DeskTask[] => {
      const at = oneOf(random, [times[0] ?? from, ...times]) + between(random, 1, 90) * minuteMs;
      const kind = chance(shares.withdrawn / (shares.withdrawn + shares.edited)) ? 'withdraw' : 'edit';
      return chance(shares.edited + shares.withdrawn) ? [{ kind, at, reference, visitorId }] : [];
    }),
    ...told
      .filter(({ reference }) => reference.startsWith(errandPrefix))
      .flatMap((each) => ofErrand(random, each)),
    ...Array.from(visitors).flatMap((visitorId): DeskTask[] => {
      const at = from + between(random, 0.2, 0.9) * (to - from);
      return chance(shares.erased) ? [{ kind: 'erase', at, reference: '', visitorId }] : [];
    }),
  ].filter(({ at }) => at < to);
};

/** Between and after the two editions of an errand, far enough apart that their order is certain. */
const ofErrand = (random: Random, { reference, visitorId, times, isWithdrawn }: Told): DeskTask[] => {
  const task = (kind: DeskTask['kind'], steps: number): DeskTask => ({
    kind,
    at: (times[0] ?? 0) + steps * errandStepMs,
    reference,
    visitorId,
  });
  const last = isWithdrawn ? [] : [task(oneOf(random, ['withdraw', 'edit-message', 'edit-message']), 4)];
  return [task('edit-message', 1), task('edit', 3), ...last];
};

const toldBy = (events: readonly WorldEvent[]): Map<string, Told> => {
  const told = new Map<string, Told>();
  for (const { at, expected } of events) {
    for (const { reference, visitorId, text, place } of expected) {
      const known = told.get(reference) ?? {
        reference,
        visitorId,
        times: [],
        isReopened: false,
        isWithdrawn: false,
      };
      told.set(reference, known);
      known.times.push(at);
      known.isReopened ||= place[0] > 0;
      known.isWithdrawn ||= text === undefined;
    }
  }
  return told;
};
