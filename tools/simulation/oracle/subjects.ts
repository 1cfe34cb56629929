/** What the shop's events come to, told from the events alone. */
import type { Expected, WorldEvent } from '../event.ts';

/** A text that a visitor was to read at some time, from the first event that asks for it on. */
interface News {
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

/** All that was ever to be told about one subject, in the order in which it counts: the last is what has to stand. */
export interface Subject {
  reference: string;
  visitorId: string;
  news: News[];
  final: News;
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
      const news = { reference, visitorId, text, standsAlone, place, at, lastAt: at, arrivedAt };
      const known = subjects.get(reference);
      if (known === undefined) {
        subjects.set(reference, { reference, visitorId, news: [news], final: news });
        continue;
      }
      // Saved again without change: the same news, which counts from now on.
      const same = known.news.find((each) => each.text === text);
      if (same === undefined) known.news.push(news);
      else {
        same.lastAt = Math.max(same.lastAt, at);
        same.arrivedAt = Math.min(same.arrivedAt, arrivedAt);
        if (comparePlaces(same.place, place) < 0) same.place = place;
      }
      known.news.sort((a, b) => comparePlaces(a.place, b.place));
      known.final = known.news.at(-1) ?? news;
    }
  }
  return subjects;
};

const comparePlaces = (a: Expected['place'], b: Expected['place']): number =>
  a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
