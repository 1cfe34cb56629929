/** AWS clients whose requests stay in this process, and the services they call beside DynamoDB. */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { awsClientSettings } from '../../lib/runtime/aws-client.ts';
import { credentials, region } from '../aws/account.ts';
import type { Random } from './random.ts';

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

/** Such as `PutItem`. */
export const operationOf = ({ headers }: AwsRequest): string | undefined =>
  headers['x-amz-target']?.split('.').at(-1);

/** Nobody checks a signature here, and computing them would take a fifth of the time. */
export const signed = {
  authorization: 'AWS4-HMAC-SHA256 Credential=simulated, SignedHeaders=none, Signature=none',
  'x-amz-date': '20260202T000000Z',
} as const;

const signer = {
  sign: async <Request extends { headers: Record<string, string> }>(request: Request): Promise<Request> => {
    Object.assign(request.headers, signed);
    return request;
  },
};

export type Carry = (request: AwsRequest) => Promise<AwsResponse>;

/** Repeats take simulated time. */
interface Waiting {
  pause: (milliseconds: number) => Promise<void>;
  random: Random;
}

/** Settings of an AWS client whose requests `carry` brings to a service. Without `waiting` it repeats none. */
export const awsSettings = (carry: Carry, waiting?: Waiting, baseMs = 50) => ({
  region,
  credentials,
  signer,
  endpoint: 'http://aws.simulated',
  maxAttempts: 1,
  requestHandler: { handle: async (request: AwsRequest) => ({ response: await carry(request) }) },
  ...(waiting === undefined ? {} : { retryStrategy: retrying(waiting, baseMs) }),
});

const tokenOf = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 0 });

/** What the SDK's standard strategy may spend on repeats, and what each costs. */
const capacity = 500;
const costs = { throttling: 5, transient: 14 } as const;
const throttlingBaseMs = 1_000;
const longestMs = 20_000;

/** The SDK's standard strategy, with the deployed number of attempts; its own would wait for real time. */
const retrying = ({ pause, random }: Waiting, baseMs: number) => {
  let left = capacity;
  const spent = new WeakMap<object, number>();
  return {
    acquireInitialRetryToken: async () => tokenOf(0),
    refreshRetryTokenForRetry: async (
      token: { getRetryCount: () => number },
      { errorType }: { errorType: string },
    ) => {
      const isThrottled = errorType === 'THROTTLING';
      const count = token.getRetryCount();
      const cost = isThrottled ? costs.throttling : costs.transient;
      const isRetryable = isThrottled || errorType === 'TRANSIENT';
      if (!isRetryable || count + 1 >= awsClientSettings.maxAttempts || left < cost)
        throw new Error('no repeat is left');
      left -= cost;
      await pause(random() * Math.min(longestMs, (isThrottled ? throttlingBaseMs : baseMs) * 2 ** count));
      const next = tokenOf(count + 1);
      spent.set(next, cost);
      return next;
    },
    recordSuccess: (token: object): void => {
      left = Math.min(capacity, left + (spent.get(token) ?? 1));
    },
  };
};

const putEvents = z.object({
  Entries: z.array(z.object({ DetailType: z.string(), Detail: z.string() })),
});
const sendMessage = z.object({ MessageBody: z.string() });

export interface AwsOptions {
  /** What the secrets' parameter holds. */
  secrets: string;
  /** Called with the body of each event that went to the dead-letter queue. */
  onDeadLetter: (body: string) => void;
  /** Called with each event that was put on the bus. */
  onPublished: (type: string, detail: string) => void;
}

/** Answers EventBridge's PutEvents, SQS's SendMessage and SSM's GetParameter. */
export const createAws = ({ secrets, onDeadLetter, onPublished }: AwsOptions) => {
  let ids = 0;
  const answer = (operation: string | undefined, body: unknown): object => {
    switch (operation) {
      case 'PutEvents': {
        const { Entries } = putEvents.parse(body);
        for (const { DetailType, Detail } of Entries) onPublished(DetailType, Detail);
        return { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: `event-${ids++}` })) };
      }
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
    const answered = answer(operationOf(request), JSON.parse(textOf(request)));
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: Buffer.from(JSON.stringify(answered)),
    };
  };
};
