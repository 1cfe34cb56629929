import type { MiddlewareObj } from '@middy/core';
import { lazily } from './lazily.ts';
import { createLogger, type Logger, messages } from './log.ts';
import type { Metrics } from './metrics.ts';

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
