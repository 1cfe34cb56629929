/** What becomes of the events on the bus, as the functions' log, the queues and the notices tell. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { dueAt } from '../../lib/notices/lease.ts';
import { type Notice, stateOf } from '../../lib/notices/notice.ts';
import type { RecordResult } from '../../lib/notices/record.ts';
import { messages } from '../../lib/runtime/log.ts';
import { createPartnerReader } from '../../lib/sources/partners.ts';
import { partnerSources } from '../aws/account.ts';
import { type Act, action } from './act.ts';
import type { BusEvent } from './events.ts';
import type { QueueReader } from './read-state.ts';

const longest = 500;

interface Seen {
  id: string;
  /** What the functions log it by: an event of a partner becomes several events, or none. */
  eventIds: string[];
  /** Why an event of a partner becomes none. */
  ignored?: string;
  type: string;
  at: number;
  isTaken: boolean;
}

const withMetadata = z.object({ metadata: z.object({ id: z.string() }) });

const readPartner = createPartnerReader(partnerSources);

const readBy = (event: BusEvent): Pick<Seen, 'eventIds' | 'ignored'> => {
  const own = withMetadata.safeParse(event.detail).data?.metadata.id;
  const eventIds = own === undefined ? [] : [own];
  try {
    const read = readPartner(event);
    if (read?.kind === 'ignored') return { eventIds, ignored: read.reason };
    return read === undefined ? { eventIds } : { eventIds: read.events.map(({ metadata }) => metadata.id) };
  } catch {
    // The function puts it into the dead-letter queue, with the reason.
    return { eventIds };
  }
};

const told = z.object({
  message: z.literal(messages.ingested),
  eventId: z.string(),
  result: z.string(),
  references: z.array(z.string()),
});

/** Remembers the newest events of the bus, and what the functions logged about them. `now` in milliseconds since 1970. */
export const createTrail = (now: () => number = Date.now) => {
  const events: Seen[] = [];
  const results: (z.infer<typeof told> & { at: number })[] = [];
  return {
    see: (event: BusEvent, queues: string[]): void => {
      const { id, 'detail-type': type } = event;
      events.push({ id, ...readBy(event), type, at: now(), isTaken: queues.length > 0 });
      events.splice(0, events.length - longest);
    },
    /** @param line a structured line of a function's log */
    hear: (line: unknown): void => {
      const { data } = told.safeParse(line);
      if (data !== undefined) results.push({ ...data, at: now() });
      results.splice(0, results.length - longest);
    },
    /** Those that were put on the bus in a span of time, but for what the bridge says of its own messages. */
    between: (from: number, to: number): Seen[] =>
      events.filter(({ at, type }) => at >= from && at <= to && !type.startsWith('message.')),
    find: (ids: string[]): Seen[] => events.filter(({ id }) => ids.includes(id)),
    resultsOf: ({ eventIds, at }: Seen) =>
      results.filter((each) => eventIds.includes(each.eventId) && each.at >= at),
  };
};

export type Trail = ReturnType<typeof createTrail>;

const pollMs = 100;
const patienceMs = 10_000;

const asked = z.union([
  z.object({ ids: z.array(z.string()) }),
  z.object({ from: z.number(), to: z.number() }),
  /** What was put into the queue as it is. */
  z.object({ body: z.string() }),
]);

/** Waits until events are dealt with, and says what became of each: those with these ids, or of a span of time. */
export const tellOutcome = (
  trail: Trail,
  readQueues: QueueReader,
  readTable: () => Promise<{ notices: Notice[] }>,
): Act => {
  const outcomeOf = async (event: Seen): Promise<string[]> => {
    if (!event.isTaken) return ['on the bus, where the bridge does not take it'];
    if (event.ignored !== undefined) return [`ignored: ${event.ignored}`];
    const deadline = Date.now() + patienceMs;
    let quiet = 0;
    for (;;) {
      const { waiting, working, dead } = await readQueues();
      const letter = dead.find(({ body }) => body.includes(event.id));
      if (letter !== undefined) return [`dead-lettered: ${letter.reason}`];
      const results = trail.resultsOf(event);
      // The log comes a moment after the message has left the queue.
      quiet = waiting + working === 0 ? quiet + 1 : 0;
      const isOver = quiet >= (results.length > 0 ? 2 : 8) || Date.now() > deadline;
      if (isOver && results.length > 0) {
        const { notices } = await readTable();
        return results.map(({ result, references }) => sentenceOf(result, references, notices, event.at));
      }
      if (isOver) return [quiet > 0 ? 'no message: there is no text for it' : 'waiting in the queue'];
      await sleep(pollMs);
    }
  };
  return action(asked, async (input) => {
    const events =
      'ids' in input ? trail.find(input.ids) : 'from' in input ? trail.between(input.from, input.to) : [];
    if ('body' in input)
      events.push({ id: input.body, eventIds: [], type: 'message', at: Date.now(), isTaken: true });
    const outcomes = await Promise.all(
      events.map(async (event) => (await outcomeOf(event)).map((outcome) => `${event.type}: ${outcome}`)),
    );
    return outcomes.flat().join('\n');
  });
};

const results = {
  accepted: undefined,
  unchanged: 'unchanged, the visitor sees this already',
  duplicate: 'unchanged, it was taken before',
  outdated: 'unchanged, a newer event counts',
  misaddressed: 'refused, it names another visitor than the notice',
  early: 'waiting for an event of the shop that names its order',
  ambiguous: 'refused, its numbers stand for more than one order',
} satisfies Record<RecordResult | 'early' | 'ambiguous', string | undefined>;

const sentenceOf = (result: string, references: string[], notices: Notice[], since: number): string => {
  const known = new Map<string, string | undefined>(Object.entries(results)).get(result);
  const [reference] = references;
  const notice = notices.find((each) => each.reference === reference);
  const outcome = known ?? (notice === undefined ? result : standing(notice, since));
  return reference === undefined ? outcome : `${reference} ${outcome}`;
};

const standing = (notice: Notice, since: number): string => {
  const state = stateOf(notice);
  const reason = notice.hold?.reason ?? notice.lastError;
  const why = reason === undefined ? '' : `: ${reason}`;
  switch (state) {
    case 'settled': {
      const done = notice.log.filter(({ at, what }) => at >= since && what !== 'accepted');
      return done.length === 0 ? 'needs no message' : `sent (${done.map(({ what }) => what).join(', ')})`;
    }
    case 'pending':
      return dueAt(notice) > Date.now()
        ? `waiting until ${new Date(dueAt(notice)).toISOString()}${why}`
        : `waiting for the request budget${why}`;
    case 'sending':
      return 'waiting, it is being sent';
    case 'unaddressed':
      return 'waiting for an event that names its visitor';
    case 'unknown':
    case 'refused':
      return `held as ${state}${why}`;
    case 'expired':
      return 'expired, it was too old to be sent';
  }
};
