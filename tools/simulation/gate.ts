import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from './clock.ts';
import { between, type Random } from './random.ts';

/** One invocation of a function. */
export interface Worker {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  isAlive: boolean;
  /** Nothing happens in it before this moment. A worker that was ever frozen goes on though its invocation timed out. */
  frozenUntil: number;
}

type Running = Worker & { end: (ending: Ending<never>) => void };

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
  const workers = new AsyncLocalStorage<Running>();
  const running = new Set<Running>();

  /** Most calls take some milliseconds, a few many times that. */
  const latency = (): number =>
    Math.ceil(random() < 0.02 ? between(random, 50, 800) : between(random, 1, 12));

  const kill = (worker: Running): void => {
    worker.isAlive = false;
    onKill(worker);
    worker.end({ kind: 'killed' });
  };

  const isGone = (worker: Running): boolean => {
    if (worker.isAlive && random() < killShare / 2) kill(worker);
    return !worker.isAlive && worker.frozenUntil === 0;
  };

  const whenThawed = (worker: Running, go: () => void): void =>
    worker.frozenUntil > clock.now() ? clock.after(worker.frozenUntil - clock.now(), go) : go();

  return {
    /** The invocation that is running now. */
    worker: (): Worker | undefined => workers.getStore(),

    /** Runs an invocation; its answer is given up on after `timeoutMs`. */
    run: <Result>(name: string, timeoutMs: number, work: () => Promise<Result>): Promise<Ending<Result>> =>
      new Promise((resolve) => {
        const startedAt = clock.now();
        const end = (ending: Ending<never>) => {
          running.delete(worker);
          resolve(ending);
        };
        const worker: Running = { name, startedAt, isAlive: true, frozenUntil: 0, end };
        running.add(worker);
        const finish = (ending: Ending<Result>) => {
          if (!worker.isAlive) return;
          worker.isAlive = false;
          running.delete(worker);
          resolve(ending);
        };
        clock.after(timeoutMs, () => finish({ kind: 'timed-out' }));
        workers.run(worker, () =>
          work().then(
            (result) => finish({ kind: 'done', result }),
            (error: unknown) => finish({ kind: 'failed', error }),
          ),
        );
      }),

    /** Kills this share of the invocations that are running. */
    killSome: (share: number): void => {
      for (const worker of running) if (random() < share) kill(worker);
    },

    /** Nothing happens in the worker for so long; then it goes on in the middle of what it did. */
    freeze: (worker: Worker, milliseconds: number): void => {
      worker.frozenUntil = clock.now() + milliseconds;
      onKill(worker);
    },

    /**
     * Carries a request to a service and its answer back. What has left a worker arrives, whether the worker lives on
     * or not; a worker that is gone never hears of it.
     */
    pass: <Answer>(request: () => Promise<Reply<Answer>>): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const worker = workers.getStore();
        if (worker === undefined) throw new Error('no worker is at this call');
        whenThawed(worker, () => {
          if (isGone(worker)) return;
          clock.after(latency(), async () => {
            const reply = await attempt(request);
            clock.after(reply.afterMs + latency(), () =>
              whenThawed(worker, () => {
                if (isGone(worker)) return;
                try {
                  resolve(reply.read());
                } catch (error) {
                  reject(error);
                }
              }),
            );
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
