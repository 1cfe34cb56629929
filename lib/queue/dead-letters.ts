import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface DeadLetterOptions {
  client: SQSClient;
  queueUrl: string;
}

/** An attribute of an SQS message holds no control characters, and the reason quotes what came from outside. */
const printable = (reason: string): string => reason.slice(0, 1000).replaceAll(/\p{C}/gu, '�');

/** Puts a body away, with the reason why. */
export type DeadLetter = (body: string, reason: string) => Promise<void>;

/** Puts what can never be processed into the dead-letter queue: unchanged, so that it can be sent back, and with the reason. */
export const createDeadLetters =
  ({ client, queueUrl }: DeadLetterOptions): DeadLetter =>
  async (body, reason) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: body,
        MessageAttributes: { reason: { DataType: 'String', StringValue: printable(reason) } },
      }),
    );
  };
