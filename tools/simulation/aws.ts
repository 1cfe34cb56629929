/** AWS clients whose requests stay in this process, and the services they call beside DynamoDB. */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { credentials, region } from '../aws/account.ts';

/** As the AWS SDK hands it to whatever carries it. */
export interface AwsRequest {
  headers: Record<string, string>;
  body?: unknown;
}

export interface AwsResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

const utf8 = new TextDecoder();

/** The JSON text of a request. */
export const textOf = ({ body }: AwsRequest): string =>
  body instanceof Uint8Array ? utf8.decode(body) : String(body);

const authorization = 'AWS4-HMAC-SHA256 Credential=simulated, SignedHeaders=none, Signature=none';

/** Nobody checks a signature here, and computing them would take a fifth of the time. */
const signer = {
  sign: async <Request extends { headers: Record<string, string> }>(request: Request): Promise<Request> => {
    Object.assign(request.headers, { authorization, 'x-amz-date': '20260202T000000Z' });
    return request;
  },
};

/** Settings of an AWS client whose requests `carry` brings to a service. It never repeats one: that would take real time. */
export const awsSettings = (carry: (request: AwsRequest) => Promise<AwsResponse>) => ({
  region,
  credentials,
  signer,
  endpoint: 'http://aws.simulated',
  maxAttempts: 1,
  requestHandler: { handle: async (request: AwsRequest) => ({ response: await carry(request) }) },
});

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
        throw new Error(`the simulation does not answer ${operation}`);
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
