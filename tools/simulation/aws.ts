/** The AWS services that the functions call beside DynamoDB, as far as they are called. */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { type AwsRequest, type AwsResponse, textOf } from './aws-settings.ts';

const putEvents = z.object({ Entries: z.array(z.object({ DetailType: z.string() })) });
const sendMessage = z.object({ MessageBody: z.string() });

export interface AwsOptions {
  /** What the secrets' parameter holds. */
  secrets: string;
  /** Called with the body of each event that went to the dead-letter queue. */
  onDeadLetter: (body: string) => void;
}

/** Answers EventBridge's PutEvents, SQS's SendMessage and SSM's GetParameter. */
export const createAws = ({ secrets, onDeadLetter }: AwsOptions) => {
  let ids = 0;
  const answer = (operation: string | undefined, body: unknown): object => {
    switch (operation) {
      case 'PutEvents':
        return {
          FailedEntryCount: 0,
          Entries: putEvents.parse(body).Entries.map(() => ({ EventId: `event-${ids++}` })),
        };
      case 'SendMessage': {
        const { MessageBody } = sendMessage.parse(body);
        onDeadLetter(MessageBody);
        const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
        return { MessageId: `message-${ids++}`, MD5OfMessageBody };
      }
      case 'GetParameter':
        return { Parameter: { Name: 'secrets', Type: 'SecureString', Value: secrets } };
      default:
        throw new Error(`the simulation knows no ${operation}`);
    }
  };
  return async (request: AwsRequest): Promise<AwsResponse> => {
    const operation = request.headers['x-amz-target']?.split('.').at(-1);
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: Buffer.from(JSON.stringify(answer(operation, JSON.parse(textOf(request))))),
    };
  };
};
