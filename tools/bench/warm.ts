/** What an event costs on an instance that is warm, against the same services for all. */
import type { Contestant } from './contestants.ts';
import { batches } from './events.ts';
import { median, quantile } from './median.ts';
import { type Handled, startProcesses, type Usage } from './processes.ts';

/** What is asked of a contestant: `again` sends events that it had before. */
export interface Load {
  name: string;
  batchSize: number;
  again: boolean;
}

export interface Warm {
  contestant: string;
  load: string;
  /** Milliseconds of processor time an event: the median of the rounds. */
  cpuMs: number;
  eventsPerSecond: number;
  /** Of an invocation, milliseconds. */
  p50: number;
  p99: number;
  /** DynamoDB requests an event, by operation. */
  requests: Record<string, number>;
  /** Units of the DynamoDB table an event, those of its indexes left out. */
  units: number;
  /** Bytes written to the log an event. */
  logged: number;
}

export interface WarmOptions {
  /** Rounds that do not count: it takes some until Node has optimised the code. */
  warmUps: number;
  rounds: number;
  /** Events of a round. */
  events: number;
}

type Round = Handled & Usage;

/** Runs each contestant under each load, round after round in turn. */
export const measureWarm = async (
  contestants: readonly Contestant[],
  loads: readonly Load[],
  { warmUps, rounds, events }: WarmOptions,
): Promise<Warm[]> => {
  const processes = await startProcesses();
  try {
    const now = Date.now();

    const runOf = async ({ name, file }: Contestant, index: number) => {
      const { handle } = await processes.startInstance(file);
      return async ({ batchSize, again }: Load, number: number, round: number): Promise<Round> => {
        // Orders of its own, for what one has told, another would have told already.
        const place = again ? [index, 0, 0] : [index, number + 1, round + warmUps];
        const from = place.reduce((sum, part) => sum * 100 + part) * 10_000;
        await processes.usage();
        const result = await handle(batches(from, events / batchSize, batchSize, now));
        if (result.failures > 0) throw new Error(`${name}: ${result.failures} events failed`);
        return { ...result, ...(await processes.usage()) };
      };
    };

    const runs = await Promise.all(contestants.map(runOf));
    const seen = contestants.map(() => loads.map((): Round[] => []));
    for (let round = -warmUps; round < rounds; round++) {
      for (const [number, load] of loads.entries()) {
        for (const [index, run] of runs.entries()) {
          const result = await run(load, number, round);
          if (round >= 0) seen[index]?.[number]?.push(result);
        }
      }
    }
    return contestants.flatMap(({ name: contestant }, index) =>
      loads.map(({ name: load }, number) => ({
        contestant,
        load,
        ...summaryOf(seen[index]?.[number] ?? [], events),
      })),
    );
  } finally {
    processes.end();
  }
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const summaryOf = (rounds: readonly Round[], events: number): Omit<Warm, 'contestant' | 'load'> => {
  const times = rounds.flatMap(({ milliseconds }) => milliseconds);
  const total = rounds.length * events;
  const operations = new Set(rounds.flatMap(({ requests }) => Object.keys(requests)));
  const anEvent = (count: (round: Round) => number): number => sum(rounds.map(count)) / total;
  return {
    cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)) / events,
    eventsPerSecond: median(rounds.map(({ milliseconds }) => (events * 1000) / sum(milliseconds))),
    p50: median(times),
    p99: quantile(times, 0.99),
    requests: Object.fromEntries(
      Array.from(operations, (name) => [name, anEvent(({ requests }) => requests[name] ?? 0)]),
    ),
    units: anEvent(({ units }) => units),
    logged: anEvent(({ logged }) => logged),
  };
};
