import middy, { type MiddlewareObj } from '@middy/core';
import type { Context, SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createLogger, type Logger, messages } from './log.ts';
import type { Metrics } from './metrics.ts';

/** Builds a value on the first call and keeps it. If building fails, the next call builds again. */
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
 * The middleware of every function: builds its dependencies on the first call, logs its start, end and failure, and
 * writes its metrics at the end.
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
      // If the dependencies could not be built, there is no logger yet.
      (built?.logger ?? createLogger()).error(messages.crashed, { error });
      finish();
    },
  };
  return { dependencies, middleware };
};

/** The middleware stack for functions that a queue invokes. Reports the records that SQS must deliver again. */
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

/** The middleware stack for functions that a schedule invokes. */
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
