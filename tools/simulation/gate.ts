import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from './clock.ts';
import { between, type Random } from './random.ts';

/** One invocation of a function. */
export interface Worker {
  readonly name: string;
  isAlive: boolean;
}

/** How an invocation ended. One that was killed, or ran out of time, stops between two lines of its code. */
export type Ending<Result> =
  | { kind: 'done'; result: Result }
  | { kind: 'failed'; error: unknown }
  | { kind: 'killed' }
  | { kind: 'timed-out' };

/** What a service makes of a request: an answer or an error, `afterMs` milliseconds later. */
export interface Reply<Answer> {
  afterMs: number;
  read: () => Answer;
}

export interface GateOptions {
  clock: Clock;
  random: Random;
  /** The share of outbound calls at which a worker dies: half of them before the call, half after it. */
  killShare: number;
  /** Called when a worker was killed. */
  onKill: (worker: Worker) => void;
}

/**
 * The one gate that every outbound call of every worker passes. It gives each call its time on the way, there and back, so
 * that workers interleave, and calls one service at a time.
 */
export const createGate = ({ clock, random, killShare, onKill }: GateOptions) => {
  const workers = new AsyncLocalStorage<Worker & { end: () => void }>();

  /** Most calls take some milliseconds, a few many times that. */
  const latency = (): number =>
    Math.ceil(random() < 0.02 ? between(random, 50, 800) : between(random, 1, 12));

  const isGone = (worker: Worker & { end: () => void }): boolean => {
    if (worker.isAlive && random() < killShare / 2) {
      worker.isAlive = false;
      onKill(worker);
      worker.end();
    }
    return !worker.isAlive;
  };

  return {
    /** The invocation that is running now. */
    worker: (): Worker | undefined => workers.getStore(),

    /** Runs an invocation; its answer is given up on after `timeoutMs`. */
    run: <Result>(name: string, timeoutMs: number, work: () => Promise<Result>): Promise<Ending<Result>> =>
      new Promise((resolve) => {
        const worker = { name, isAlive: true, end: () => resolve({ kind: 'killed' }) };
        const end = (ending: Ending<Result>) => {
          if (!worker.isAlive) return;
          worker.isAlive = false;
          resolve(ending);
        };
        clock.after(timeoutMs, () => end({ kind: 'timed-out' }));
        workers.run(worker, () =>
          work().then(
            (result) => end({ kind: 'done', result }),
            (error: unknown) => end({ kind: 'failed', error }),
          ),
        );
      }),

    /**
     * Carries a request to a service and its answer back. What has left a worker arrives, whether the worker lives on
     * or not; a worker that is gone never hears of it.
     */
    pass: <Answer>(request: () => Promise<Reply<Answer>>): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const worker = workers.getStore();
        if (worker === undefined) throw new Error('no worker is at this call');
        if (isGone(worker)) return;
        clock.after(latency(), async () => {
          const reply = await attempt(request);
          clock.after(reply.afterMs + latency(), () => {
            if (isGone(worker)) return;
            try {
              resolve(reply.read());
            } catch (error) {
              reject(error);
            }
          });
        });
      }),
  };
};

export type Gate = ReturnType<typeof createGate>;

const attempt = async <Answer>(request: () => Promise<Reply<Answer>>): Promise<Reply<Answer>> => {
  try {
    return await request();
  } catch (error) {
    return {
      afterMs: 0,
      read: () => {
        throw error;
      },
    };
  }
};
