import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface DeadLetterOptions {
  client: SQSClient;
  queueUrl: string;
}

/** SQS allows no control characters in an attribute, and the reason quotes untrusted input. */
const printable = (reason: string): string => reason.slice(0, 1000).replaceAll(/\p{C}/gu, '�');

/**
 * The size limit of an SQS message is 1 MiB, including its attributes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const mostBytes = 1024 * 1024 - 8 * 1024;

/**
 * Characters that SQS refuses in a body:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const refused = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** A body that a queue delivered always fits. A webhook's body may contain anything and have any length. */
const fitting = (body: string): string => {
  const clean = body.toWellFormed().replaceAll(refused, '�') || ' ';
  const bytes = Buffer.from(clean);
  return bytes.length <= mostBytes ? clean : bytes.subarray(0, mostBytes).toString();
};

/** Stores a body in the dead-letter queue, with the reason. */
export type DeadLetter = (body: string, reason: string) => Promise<void>;

/**
 * Sends a body that can never be processed to the dead-letter queue, with the reason. The body stays unchanged as far
 * as SQS accepts it, so that it can be redriven.
 */
export const createDeadLetters =
  ({ client, queueUrl }: DeadLetterOptions): DeadLetter =>
  async (body, reason) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: fitting(body),
        MessageAttributes: { reason: { DataType: 'String', StringValue: printable(reason) } },
      }),
    );
  };
