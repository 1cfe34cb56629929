/** The processes of a measurement: each contestant in one of its own, and what they all call in another. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod/mini';

const answerOf = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const ended = () => reject(new Error('a process of the benchmark ended'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });

const servicesReady = z.object({ environment: z.record(z.string(), z.string()) });
const usage = z.object({ requests: z.record(z.string(), z.number()), units: z.number() });
const loaded = z.object({ loadMs: z.number(), cpuMs: z.number() });
const handled = z.object({ milliseconds: z.array(z.number()), cpuMs: z.number(), failures: z.number() });

/** What was used of DynamoDB. */
export type Usage = z.output<typeof usage>;

/** How an instance fared with the events of one call. */
export type Handled = z.output<typeof handled> & { logged: number };

/** Starts the services, and as many instances as are asked for; `end` ends them all. */
export const startProcesses = async () => {
  const children: ChildProcess[] = [];
  const start = async (script: string, args: string[], env: Record<string, string>) => {
    const file = join(import.meta.dirname, script);
    const child = fork(file, args, { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'], execArgv: [] });
    children.push(child);
    let logged = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      logged += chunk.length;
    });
    const first = await answerOf(child);
    const ask = async (message: object): Promise<unknown> => {
      const answer = answerOf(child);
      child.send(message);
      return answer;
    };
    return { child, first, ask, logged: () => logged };
  };
  const end = () => {
    for (const child of children) if (child.connected) child.disconnect();
  };
  try {
    const services = await start('services.ts', [], {});
    const { environment } = servicesReady.parse(services.first);
    return {
      /** What was used of DynamoDB since this was last asked. */
      usage: async (): Promise<Usage> => usage.parse(await services.ask({})),
      /** Loads a bundle in a fresh process, with the environment that leads to the services. */
      startInstance: async (file: string) => {
        const { child, first, ask, logged } = await start('instance.mjs', [file], environment);
        return {
          loaded: loaded.parse(first),
          handle: async (events: object[]): Promise<Handled> => {
            const before = logged();
            return { ...handled.parse(await ask(events)), logged: logged() - before };
          },
          end: () => child.disconnect(),
        };
      },
      end,
    };
  } catch (error) {
    end();
    throw error;
  }
};
