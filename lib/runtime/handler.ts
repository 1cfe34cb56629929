import middy, { type MiddlewareObj } from '@middy/core';
import type { Context, SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createLogger, type Logger, messages } from './log.ts';
import type { Metrics } from './metrics.ts';

/** Builds something on the first call and keeps it; if that failed, the next call builds again. */
export const lazily = <T>(build: () => Promise<T>): (() => Promise<T>) => {
  let built: Promise<T> | undefined;
  return () => {
    built ??= build().catch((error: unknown) => {
      built = undefined;
      throw error;
    });
    return built;
  };
};

export interface Instruments {
  logger: Logger;
  metrics: Metrics;
}

/**
 * What every function has: dependencies built on its first call, a log line at its start, end and failure, and its
 * metrics written when it ends.
 */
export const instrumented = <Dependencies extends Instruments>(build: () => Promise<Dependencies>) => {
  const dependencies = lazily(build);
  let built: Instruments | undefined;
  const finish = () => {
    if (built?.metrics.hasStoredMetrics()) built.metrics.publishStoredMetrics();
  };
  const middleware: MiddlewareObj = {
    before: async ({ context }) => {
      built = await dependencies();
      built.logger.addContext(context);
      built.logger.info(messages.started);
    },
    after: () => {
      built?.logger.info(messages.finished);
      finish();
    },
    onError: ({ error }) => {
      // Where the dependencies could not be built, there is no logger of theirs.
      (built?.logger ?? createLogger()).error(messages.crashed, { error });
      finish();
    },
  };
  return { dependencies, middleware };
};

/**
 * The one stack for functions that a queue feeds: builds what they need on the first call, logs start and end, and
 * reports the records to be delivered again.
 */
export const queueHandler = <Dependencies extends Instruments>(
  build: () => Promise<Dependencies>,
  handle: (
    records: SQSRecord[],
    dependencies: Dependencies,
    remainingMs: () => number,
  ) => Promise<SQSBatchItemFailure[]>,
) => {
  const { dependencies, middleware } = instrumented(build);
  return middy<SQSEvent, SQSBatchResponse>()
    .use(middleware)
    .handler(async ({ Records }: SQSEvent, context: Context) => ({
      batchItemFailures: await handle(Records, await dependencies(), () =>
        context.getRemainingTimeInMillis(),
      ),
    }));
};

/** The one stack for functions that a schedule starts: builds what they need on the first call, logs start and end. */
export const scheduleHandler = <Dependencies extends Instruments>(
  build: () => Promise<Dependencies>,
  handle: (dependencies: Dependencies, remainingMs: () => number) => Promise<void>,
) => {
  const { dependencies, middleware } = instrumented(build);
  return middy()
    .use(middleware)
    .handler(async (_event: unknown, context: Context) =>
      handle(await dependencies(), () => context.getRemainingTimeInMillis()),
    );
};
