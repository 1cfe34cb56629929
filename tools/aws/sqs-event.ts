/** The input of a function that a queue feeds, and what its answer means. */
import type { Message } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { region } from './account.ts';
import type { Queue } from './queues.ts';

const partialFailureSchema = z.object({
  batchItemFailures: z.nullish(z.array(z.object({ itemIdentifier: z.string() }))),
});

/**
 * Lambda takes nothing, null or an empty list for full success, and an answer it cannot read or an unknown id for
 * the failure of the whole batch.
 */
export const failedIds = (answer: unknown, ids: string[]): string[] => {
  if (answer === null) return [];
  const parsed = partialFailureSchema.safeParse(answer);
  if (!parsed.success) return ids;
  const failed = (parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((id) => ids.includes(id)) ? failed : ids;
};

/** A message as Lambda hands it to a function. */
export const toRecord = (message: Message, queue: Queue) => {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [
    name,
    {
      dataType: attribute.DataType,
      stringValue: attribute.StringValue,
      binaryValue: attribute.BinaryValue && Buffer.from(attribute.BinaryValue).toString('base64'),
      stringListValues: [],
      binaryListValues: [],
    },
  ]);
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: region,
  };
};
