/** What a day came to, and the table of the senders side by side. */
import { agents } from '../../simulation/config.ts';
import {
  countDuplicates,
  countRegressions,
  isRight,
  readChats,
  subjectsOf,
} from '../../simulation/oracle/chats.ts';
import { countPingGaps, postPath } from '../../simulation/oracle/traffic.ts';
import { markdown, median } from '../figures.ts';
import type { Day } from './day.ts';

export type Result = ReturnType<typeof resultOf>;

/** What a day came to, judged from the shop's events and Brevo's side alone. */
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
    /** An order may have several parcels, each with a notice of its own. */
    notices: chats.length,
    finalRight: right / chats.length,
    /** Orders whose last desired state their customer never saw. */
    lost: chats.length - seconds.length,
    duplicates: sum(chats.map((chat) => countDuplicates(chat))),
    regressions: sum(chats.map(countRegressions)),
    rateLimited: day.calls.filter(({ heard }) => heard?.status === 429).length,
    /** Pings left out. */
    requestsPerRightState: right === 0 ? Number.POSITIVE_INFINITY : sent / right,
    /** From the last event to the chat. */
    medianSeconds: median(seconds),
    pingGapsOver180s: countPingGaps(agents, { ...day, limitChange: undefined }),
  };
};

const columns: readonly [title: string, cell: (result: Result) => string][] = [
  ['final states right', ({ finalRight }) => `${(finalRight * 100).toFixed(1)} %`],
  ['never shown', ({ lost }) => String(lost)],
  ['duplicates', ({ duplicates }) => String(duplicates)],
  ['regressions', ({ regressions }) => String(regressions)],
  ['answers 429', ({ rateLimited }) => String(rateLimited)],
  ['requests per right state', ({ requestsPerRightState }) => requestsPerRightState.toFixed(2)],
  ['median time to chat', ({ medianSeconds }) => `${(medianSeconds / 60).toFixed(1)} min`],
  ['agents offline', ({ pingGapsOver180s }) => `${pingGapsOver180s} times`],
];

/** The results side by side, in Markdown. */
export const tableOf = (results: readonly { name: string; result: Result }[]): string =>
  markdown(
    ['', ...columns.map(([title]) => title)],
    results.map(({ name, result }) => [name, ...columns.map(([, cell]) => cell(result))]),
  );
