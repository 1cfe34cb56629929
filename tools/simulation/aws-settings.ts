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
