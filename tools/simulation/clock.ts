import { setImmediate as turn } from 'node:timers/promises';

/** A clock that jumps from one event to the next. Times are milliseconds since 1970. */
export interface Clock {
  now: () => number;
  /** Has something happen in so many milliseconds; what is due at the same moment happens in the order of these calls. */
  after: (ms: number, happen: () => void | Promise<void>) => void;
  sleep: (ms: number) => Promise<void>;
  /** Lets everything happen that is due until then, each thing only when all that the one before set off has come to rest. */
  runUntil: (time: number) => Promise<void>;
}

interface Event {
  time: number;
  sequence: number;
  happen: () => void | Promise<void>;
}

export const createClock = (start: number): Clock => {
  const events = createHeap();
  let now = start;
  let sequence = 0;
  const after: Clock['after'] = (ms, happen) =>
    events.add({ time: now + Math.max(0, Math.round(ms)), sequence: sequence++, happen });
  return {
    now: () => now,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    runUntil: async (end) => {
      // What was begun before may be about to ask for its first event.
      await quiet();
      for (let next = events.takeUntil(end); next !== undefined; next = events.takeUntil(end)) {
        now = next.time;
        await next.happen();
        await quiet();
      }
      now = end;
    },
  };
};

/**
 * All waiting in a simulated worker is for the clock. What is left are microtasks, which are through at the next turn of Node's
 * loop, and the few steps that the SDK and fetch's bodies leave to a later turn.
 */
const quiet = async (): Promise<void> => {
  for (let i = 0; i < 3; i++) await turn();
};

const isBefore = (a: Event, b: Event): boolean =>
  a.time < b.time || (a.time === b.time && a.sequence < b.sequence);

/** A binary heap: what happens first is on top. */
const createHeap = () => {
  const heap: Event[] = [];
  const swap = (i: number, j: number): boolean => {
    const [a, b] = [heap[i], heap[j]];
    if (a === undefined || b === undefined || !isBefore(a, b)) return false;
    heap[i] = b;
    heap[j] = a;
    return true;
  };
  const sink = (index: number): void => {
    for (let at = index; ; ) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      if (left === undefined) return;
      const child = right !== undefined && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1;
      if (!swap(child, at)) return;
      at = child;
    }
  };
  return {
    add: (event: Event): void => {
      let at = heap.push(event) - 1;
      while (at > 0 && swap(at, (at - 1) >> 1)) at = (at - 1) >> 1;
    },
    takeUntil: (end: number): Event | undefined => {
      const [first] = heap;
      if (first === undefined || first.time > end) return undefined;
      const last = heap.pop();
      if (last !== undefined && last !== first) {
        heap[0] = last;
        sink(0);
      }
      return first;
    },
  };
};
