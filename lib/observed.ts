import type { MiddlewareObj } from '@middy/core';
import { lazily } from './lazily.ts';
import { createLogger, type Logger, messages } from './log.ts';

export interface Observed {
  logger: Logger;
}

/** What every function has: dependencies built on its first call, and a log line at its start, end and failure. */
export const observed = <Dependencies extends Observed>(build: () => Promise<Dependencies>) => {
  const dependencies = lazily(build);
  let logger: Logger | undefined;
  const middleware: MiddlewareObj = {
    before: async ({ context }) => {
      ({ logger } = await dependencies());
      logger.addContext(context);
      logger.info(messages.started);
    },
    after: () => {
      logger?.info(messages.finished);
    },
    onError: ({ error }) => {
      // Where the dependencies could not be built, there is no logger of theirs to tell it.
      (logger ?? createLogger()).error(messages.crashed, { error });
    },
  };
  return { dependencies, middleware };
};
