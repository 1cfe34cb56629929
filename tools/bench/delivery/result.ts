import { agents } from '../../simulation/config.ts';
import { countDuplicates, countRegressions, isRight, readChats } from '../../simulation/oracle/chats.ts';
import { countPingGaps } from '../../simulation/oracle/presence.ts';
import { subjectsOf } from '../../simulation/oracle/subjects.ts';
import { postPath } from '../../simulation/oracle/traffic.ts';
import type { Day } from './day.ts';

export type Result = ReturnType<typeof resultOf>;

/** What a day came to, told from the shop's events and Brevo's side alone. */
export const resultOf = (day: Day) => {
  const chats = readChats(subjectsOf(day.events, day.arrivals), day.messages);
  const right = chats.filter((chat) => isRight(chat)).length;
  const seconds = chats.flatMap(({ subject: { final }, sights }) => {
    const seen = sights.find(({ text }) => text === final.text);
    return seen === undefined ? [] : [(seen.at - final.at) / 1000];
  });
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  const sent = day.calls.filter(({ path }) => path.startsWith(postPath)).length;
  return {
    events: day.events.length,
    /** An order may have several parcels, which are told of by themselves. */
    notices: chats.length,
    finalRight: right / chats.length,
    /** The last news of an order that its customer never got to see. */
    lost: chats.length - seconds.length,
    duplicates: sum(chats.map(countDuplicates)),
    regressions: sum(chats.map(countRegressions)),
    rateLimited: day.calls.filter(({ heard }) => heard?.status === 429).length,
    /** Pings left out. */
    requestsPerRightState: right === 0 ? Number.POSITIVE_INFINITY : sent / right,
    /** From the last news to the chat. */
    medianSeconds: median(seconds),
    pingGapsOver180s: countPingGaps(agents, { ...day, limitChange: undefined }),
  };
};

const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
