import type { Context } from 'aws-lambda';
import type { Clock } from './clock.ts';
import type { Ending, Gate } from './gate.ts';

/** A handler of middy's. */
export type Handler<Event> = (event: Event, context: Context, options: { signal: AbortSignal }) => unknown;

export interface FunctionOptions<Event> {
  clock: Clock;
  gate: Gate;
  name: string;
  timeoutMs: number;
  /** A fresh instance, as after a cold start. */
  createHandler: () => Handler<Event>;
  onEnd: (name: string, ending: Ending<unknown>) => void;
}

/**
 * A Lambda function. An instance handles one invocation at a time and is used again for a later one, with all that it
 * remembers; one that died, or ran out of time, is not.
 */
export const createFunction = <Event>(options: FunctionOptions<Event>) => {
  const { clock, gate, name, timeoutMs, createHandler, onEnd } = options;
  const idle: Handler<Event>[] = [];
  let invocations = 0;
  return {
    invoke: async (event: Event): Promise<Ending<unknown>> => {
      const handler = idle.pop() ?? createHandler();
      const deadline = clock.now() + timeoutMs;
      const context = contextOf(name, ++invocations, () => deadline - clock.now());
      const ending = await gate.run(`${name} ${invocations}`, timeoutMs, async () =>
        handler(event, context, { signal }),
      );
      if (ending.kind === 'done' || ending.kind === 'failed') idle.push(handler);
      onEnd(name, ending);
      return ending;
    },
  };
};

/** Never aborted: an invocation that runs out of time simply stops. */
const { signal } = new AbortController();

/** What Lambda tells a function about an invocation. */
export const contextOf = (name: string, invocation: number, remainingMs: () => number): Context => ({
  callbackWaitsForEmptyEventLoop: false,
  functionName: name,
  functionVersion: '1',
  invokedFunctionArn: `arn:aws:lambda:eu-west-1:000000000000:function:${name}`,
  memoryLimitInMB: '256',
  awsRequestId: `${name}-${invocation}`,
  logGroupName: name,
  logStreamName: name,
  getRemainingTimeInMillis: remainingMs,
  done: () => {},
  fail: () => {},
  succeed: () => {},
});
