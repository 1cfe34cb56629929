import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface DeadLetterOptions {
  client: SQSClient;
  queueUrl: string;
}

/** An attribute of an SQS message holds no control characters, and the reason quotes what came from outside. */
const printable = (reason: string): string => reason.slice(0, 1000).replaceAll(/\p{C}/gu, '�');

/** A message of SQS is at most so long, its attributes included. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const mostBytes = 1024 * 1024 - 8 * 1024;

/** What SQS does not let into a body: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const refused = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** What a queue delivered fits as it is; a webhook's body may hold anything, and be of any length. */
const fitting = (body: string): string => {
  const clean = body.toWellFormed().replaceAll(refused, '�') || ' ';
  const bytes = Buffer.from(clean);
  return bytes.length <= mostBytes ? clean : bytes.subarray(0, mostBytes).toString();
};

/** Puts a body away, with the reason why. */
export type DeadLetter = (body: string, reason: string) => Promise<void>;

/**
 * Puts what can never be processed into the dead-letter queue: unchanged, so that it can be sent back, as far
 * as SQS takes it, and with the reason.
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
