/** Event source mappings: which queue feeds which function, and how. */
import * as z from 'zod/mini';
import type { FunctionResource } from './functions.ts';
import type { Queue } from './queues.ts';

/** AWS::Lambda::EventSourceMapping on a queue. The batching window is not waited for; filters are refused. */
export const mappingSchema = z.strictObject({
  BatchSize: z._default(z.number().check(z.gte(1), z.lte(10)), 10),
  Enabled: z._default(z.boolean(), true),
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  FunctionResponseTypes: z._default(z.array(z.literal('ReportBatchItemFailures')), []),
  MaximumBatchingWindowInSeconds: z.optional(z.number()),
  ScalingConfig: z.optional(z.object({ MaximumConcurrency: z.number().check(z.gte(2)) })),
});

export interface Mapping {
  queue: Queue;
  target: FunctionResource;
  batchSize: number;
  reportsFailures: boolean;
  concurrency: number;
}

/** With how many pollers Lambda starts on a queue that has no limit of its own. */
const defaultConcurrency = 5;

/** @throws Error when the mapping's queue or function is missing, or AWS would refuse their time-outs */
export const createMapping = (
  properties: z.infer<typeof mappingSchema>,
  { queues, functions }: { queues: Queue[]; functions: FunctionResource[] },
): Mapping | undefined => {
  if (!properties.Enabled) return undefined;
  const queue = queues.find(({ arn }) => arn === properties.EventSourceArn);
  if (!queue) throw new Error(`the local run polls queues alone, not ${properties.EventSourceArn}`);
  const target = functions.find(({ arn, name }) => [arn, name].includes(properties.FunctionName));
  if (!target) throw new Error(`the template maps ${queue.logicalId} to no function of its own`);
  const visibilitySeconds = queue.properties.VisibilityTimeout ?? 30;
  if (visibilitySeconds < target.timeoutSeconds) {
    throw new Error(
      `${queue.logicalId} hides a message for ${visibilitySeconds} s, less than the ${target.timeoutSeconds} s that ` +
        `${target.name} may take: AWS refuses that`,
    );
  }
  return {
    queue,
    target,
    batchSize: properties.BatchSize,
    reportsFailures: properties.FunctionResponseTypes.length > 0,
    concurrency: properties.ScalingConfig?.MaximumConcurrency ?? defaultConcurrency,
  };
};
