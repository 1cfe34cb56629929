import middy from '@middy/core';
import type { Context, SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type Instruments, instrumented } from './instrumented.ts';

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
