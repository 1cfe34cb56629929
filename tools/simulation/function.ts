/** Lambda functions, and the schedules that invoke them. */
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Clock } from './clock.ts';
import type { Ending, Gate } from './gate.ts';
import { between, type Random } from './random.ts';

/** A handler of middy's. */
export type Handler<Event> = (event: Event, context: Context, options: { signal: AbortSignal }) => unknown;

export interface FunctionOptions<Event> {
  clock: Clock;
  gate: Gate;
  name: string;
  timeoutMs: number;
  /** A fresh instance, as after a cold start. */
  createHandler: () => Handler<Event>;
}

/**
 * A Lambda function. An instance handles one invocation at a time and is used again for a later one, with all that it
 * remembers; one that died, or ran out of time, is not.
 */
export const createFunction = <Event>(options: FunctionOptions<Event>) => {
  const { clock, gate, name, timeoutMs, createHandler } = options;
  let idle: Handler<Event>[] = [];
  let invocations = 0;
  return {
    /** Replaces all instances by fresh ones. Those at work finish what they do. */
    deploy: (): void => {
      idle = [];
    },
    invoke: async (event: Event): Promise<Ending<unknown>> => {
      const instances = idle;
      const handler = instances.pop() ?? createHandler();
      const deadline = clock.now() + timeoutMs;
      const context = contextOf(name, ++invocations, () => deadline - clock.now());
      const ending = await gate.run(`${name} ${invocations}`, timeoutMs, async () =>
        handler(event, context, { signal }),
      );
      if (ending.kind === 'done' || ending.kind === 'failed') instances.push(handler);
      return ending;
    },
  };
};

/** Never aborted: an invocation that runs out of time simply stops. */
const { signal } = new AbortController();

/** The context that Lambda hands to a function. */
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

const minuteMs = 60_000;

/**
 * Invokes a function each minute, as EventBridge does: a few seconds early or late, now and then half a minute late or
 * twice, and whether the one before has ended or not.
 */
export const startSchedule = (
  clock: Clock,
  random: Random,
  invoke: (event: unknown) => Promise<unknown>,
): void => {
  const offset = between(random, 0, 45_000);
  const tick = () => void invoke({ time: new Date(clock.now()).toISOString() });
  const plan = (minute: number) => {
    const due = minute * minuteMs + offset + between(random, 0, 8_000) + (random() < 0.02 ? 30_000 : 0);
    clock.after(due - clock.now(), tick);
    if (random() < 0.02) clock.after(due - clock.now() + between(random, 10, 5_000), tick);
    clock.after((minute + 1) * minuteMs - clock.now(), () => plan(minute + 1));
  };
  plan(Math.ceil(clock.now() / minuteMs));
};

/** Metrics that go nowhere. */
export class DroppedMetrics extends Metrics {
  override publishStoredMetrics(): this {
    this.clearMetrics();
    return this;
  }
}
