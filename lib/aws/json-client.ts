/**
 * Clients of AWS for services that speak AWS JSON (https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html), in the
 * shape of the AWS SDK's. Deployments bundle them in place of the SDK's own (local/plugins/lean-bundles.mjs), which double a
 * function's size, its cold start, and the processor time of each call, for profiles, endpoint rules, checksums and streams
 * that no Lambda of the bridge has a use for: see `npm run bench`. Source and tests go by the SDK's.
 */
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod/mini';
import { endpointIn } from './endpoint.ts';
import { post } from './post.ts';
import { createSigner } from './sign.ts';

export interface JsonService {
  /** Its name in signatures and host names, such as `dynamodb`. */
  name: string;
  /** What begins the header `x-amz-target`. */
  target: string;
  version: '1.0' | '1.1';
  /** The error for a code that somebody asks for by its class. */
  errorFor?: (code: string, message: string, body: unknown) => AwsError | undefined;
}

/** As much of the SDK's settings as these clients heed. The time-out, in milliseconds, is for an answer as a whole. */
export interface ClientSettings {
  maxAttempts: number;
  requestHandler: { requestTimeout: number };
}

/** AWS answered with an error; it is named by AWS's own code, such as `AccessDeniedException`. */
export class AwsError extends Error {
  override readonly name: string;
  readonly status: number;

  constructor(code: string, message: string, status: number) {
    super(message);
    this.name = code;
    this.status = status;
  }
}

/** A call to a service, as its client sends it. */
export const command = (operation: string) =>
  class {
    readonly operation = operation;
    readonly input: object;

    constructor(input: object) {
      this.input = input;
    }
  };

export type Command = InstanceType<ReturnType<typeof command>>;

/** What Lambda gives to a function, and where another endpoint stands in for AWS's own. */
const settingsOf = ({ name }: JsonService, environment: NodeJS.ProcessEnv) => {
  const { AWS_REGION: region = '', AWS_ACCESS_KEY_ID: accessKeyId = '' } = environment;
  const { AWS_SECRET_ACCESS_KEY: secretAccessKey = '', AWS_SESSION_TOKEN: sessionToken } = environment;
  const endpoint =
    environment[`AWS_ENDPOINT_URL_${name.toUpperCase()}`] ??
    environment.AWS_ENDPOINT_URL ??
    endpointIn(region, name);
  return {
    url: new URL(endpoint),
    sign: createSigner(name, region, { accessKeyId, secretAccessKey, sessionToken }),
  };
};

const errorBody = z.object({
  __type: z.optional(z.string()),
  message: z.optional(z.string()),
  Message: z.optional(z.string()),
});

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const errorOf = ({ errorFor }: JsonService, status: number, text: string): AwsError => {
  const body = jsonIn(text);
  const { __type = '', message, Message = '' } = errorBody.safeParse(body).data ?? {};
  const code = __type.split('#').at(-1) || `Status${status}`;
  return errorFor?.(code, message ?? Message, body) ?? new AwsError(code, message ?? Message, status);
};

/** Too many calls for now. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const throttled = /Throttl|ThroughputExceeded|RequestLimitExceeded|TooManyRequests/;

/** Whether another try may help: no answer came, or AWS itself failed. All that the bridge asks for may be done twice. */
const isPassing = (error: unknown): boolean =>
  !(error instanceof AwsError) || error.status >= 500 || throttled.test(error.name);

const longestPauseMs = 50;

/** A class of clients for a service. A client reads the environment on its first call. */
export const clientFor = (service: JsonService) =>
  class {
    readonly #settings: ClientSettings;
    #connection: ReturnType<typeof settingsOf> | undefined;

    constructor(settings: ClientSettings) {
      this.#settings = settings;
    }

    /**
     * Makes a call, and makes it again where that may help.
     * @throws {AwsError} for what AWS answers; any other Error where no answer came
     */
    async send(call: Command): Promise<unknown> {
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.#attempt(call);
        } catch (error) {
          if (attempt >= this.#settings.maxAttempts || !isPassing(error)) throw error;
          await pause(Math.random() * longestPauseMs * 2 ** attempt);
        }
      }
    }

    async #attempt({ operation, input }: Command): Promise<unknown> {
      this.#connection ??= settingsOf(service, process.env);
      const { url, sign } = this.#connection;
      const body = JSON.stringify(input);
      const headers = {
        'content-type': `application/x-amz-json-${service.version}`,
        host: url.host,
        'x-amz-target': `${service.target}.${operation}`,
      };
      const { requestTimeout: timeoutMs } = this.#settings.requestHandler;
      const answer = await post(url, { headers: sign(headers, body, new Date()), body, timeoutMs });
      if (answer.status !== 200) throw errorOf(service, answer.status, answer.text);
      return JSON.parse(answer.text);
    }
  };
