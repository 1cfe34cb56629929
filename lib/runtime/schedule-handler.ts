import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { type Instruments, instrumented } from './instrumented.ts';

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
