import middy from '@middy/core';
import { type Observed, observed } from '../observed.ts';

/** The one stack for functions that a schedule starts: builds what they need on the first call, logs start and end. */
export const scheduleHandler = <Dependencies extends Observed>(
  build: () => Promise<Dependencies>,
  handle: (dependencies: Dependencies) => Promise<void>,
) => {
  const { dependencies, middleware } = observed(build);
  return middy()
    .use(middleware)
    .handler(async () => handle(await dependencies()));
};
