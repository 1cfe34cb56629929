/** How long an instance that is new takes until it has handled its first event: what a cold start comes to. */
import type { Contestant } from './contestants.ts';
import { batches } from './events.ts';
import { median } from './median.ts';
import { startProcesses } from './processes.ts';

export interface First {
  contestant: string;
  /** Medians, from the begin of loading to the answer; the services are next door. */
  totalMs: number;
  cpuMs: number;
}

/** Has each contestant handle one event in so many fresh processes, all of them in turn. */
export const measureFirst = async (contestants: readonly Contestant[], runs: number): Promise<First[]> => {
  const processes = await startProcesses();
  try {
    const now = Date.now();
    const seen = contestants.map((): { totalMs: number; cpuMs: number }[] => []);
    for (let run = 0; run < runs; run++) {
      for (const [index, { name, file }] of contestants.entries()) {
        const { loaded, handle, end } = await processes.startInstance(file);
        const { milliseconds, cpuMs, failures } = await handle(batches(index * 1000 + run, 1, 1, now));
        end();
        if (failures > 0) throw new Error(`${name}: the first event failed`);
        seen[index]?.push({
          totalMs: loaded.loadMs + (milliseconds[0] ?? Number.NaN),
          cpuMs: loaded.cpuMs + cpuMs,
        });
      }
    }
    return contestants.map(({ name: contestant }, index) => ({
      contestant,
      totalMs: median((seen[index] ?? []).map(({ totalMs }) => totalMs)),
      cpuMs: median((seen[index] ?? []).map(({ cpuMs }) => cpuMs)),
    }));
  } finally {
    processes.end();
  }
};
