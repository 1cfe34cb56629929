import * as z from 'zod/mini';
import { parse } from '../runtime/parse.ts';
import { version } from '../runtime/version.ts';
import {
  errorFor,
  NotSent,
  neverConnected,
  OutcomeUnknown,
  type RequestLine,
  Unauthorised,
} from './errors.ts';
import { type RateLimit, rateLimitIn } from './rate-limit.ts';
import {
  type AgentPing,
  agentPing,
  editedMessage,
  errorBody,
  message,
  messageId,
  messageText,
  newAgentMessage,
  newPushedMessage,
} from './schemas.ts';

export interface BrevoOptions {
  /** Such as `https://api.brevo.com/v3`. */
  baseUrl: string;
  /** Called before each request, so that a rotated key takes effect. Its errors are rethrown unchanged. */
  credentials: () => Promise<{ apiKey: string; partnerKey?: string | undefined }>;
  /** Called with the API key of each request that Brevo refused because of the API key or the partner key. */
  onKeyRefused?: (apiKey: string) => void;
  fetch: typeof globalThis.fetch;
  /** Time limit for the whole request, including the response body. Milliseconds. */
  timeoutMs: number;
}

/** A successful answer from Brevo, with the rate limit that its headers report. */
export interface Answer<Body> {
  body: Body;
  rateLimit: RateLimit;
}

/**
 * One operation of the API. `operation` is its method and its path without ids, such as `PUT
 * /conversations/messages`.
 */
export interface BrevoOperation<Input extends unknown[], Body> {
  (...input: Input): Promise<Answer<Body>>;
  readonly operation: string;
}

type BrevoRequest = RequestLine & { body?: unknown };

const named = <Input extends unknown[], Body>(
  { method, path }: RequestLine,
  send: (...input: Input) => Promise<Answer<Body>>,
): BrevoOperation<Input, Body> => Object.assign(send, { operation: `${method} ${path}` });

const nothing = z.unknown();

const ping = { method: 'POST', path: '/conversations/agentOnlinePing' } as const;

/**
 * Time limit for one call. It is longer than the ten seconds after which fetch stops connecting, so that an
 * unreachable network is distinguished from a lost answer. Milliseconds.
 */
export const brevoTimeoutMs = 12_000;

// fetch refuses credentials in a URL. A query would swallow the path that is appended to the base URL.
const apiUrl = z
  .url({ protocol: /^https?$/ })
  .check(z.regex(/^[^?#@]*$/, { error: 'must have neither credentials nor a query' }));

const fitsHeader = (key: string): boolean => /^[\x21-\x7e]*$/.test(key);

/**
 * The only client of the Brevo Conversations API. It never repeats a request: only the caller knows whether a repeat
 * is harmless, and every request counts against the hourly limit.
 *
 * An operation throws `InvalidInput` for a body that Brevo would refuse, before anything is sent. All other errors
 * are classes of errors.ts.
 * @throws {InvalidInput} if the base URL is not valid
 */
export const createBrevoClient = (options: BrevoOptions) => {
  const { baseUrl, credentials, onKeyRefused, fetch, timeoutMs } = options;
  const base = parse(apiUrl, baseUrl, 'The Brevo base URL').replace(/\/+$/, '');

  // Separate from the exchange: an error in here means that nothing was sent.
  const prepare = async (request: BrevoRequest): Promise<{ apiKey: string; init: RequestInit }> => {
    const { method, body } = request;
    const { apiKey, partnerKey } = await credentials();
    // fetch would refuse such a key too, but its error message would contain the key.
    if (![apiKey, partnerKey ?? ''].every(fitsHeader)) {
      throw new NotSent(
        request,
        'the API key or the partner key contains a space, a line break or another character that no header allows',
      );
    }
    const headers = {
      accept: 'application/json',
      'api-key': apiKey,
      'user-agent': `conversations-bridge/${version}`,
      // If Brevo has closed a kept-alive socket, the failure looks like a lost answer.
      connection: 'close',
      ...(partnerKey === undefined ? {} : { 'partner-key': partnerKey }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const written = body === undefined ? {} : { body: JSON.stringify(body) };
    return { apiKey, init: { method, headers, redirect: 'manual', ...written } };
  };

  const exchange = async (
    request: BrevoRequest,
  ): Promise<{ apiKey: string; response: Response; text: string }> => {
    const { apiKey, init } = await prepare(request);
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(`${base}${request.path}`, { ...init, signal });
      return { apiKey, response, text: await response.text() };
    } catch (error) {
      const cause = withoutData(error);
      if (neverConnected(cause)) throw new NotSent(request, 'could not connect to Brevo', { cause });
      throw new OutcomeUnknown(request, 'no answer from Brevo, the outcome is unknown', { cause });
    }
  };

  const call = async <S extends z.core.$ZodType>(
    request: BrevoRequest,
    schema: S,
  ): Promise<Answer<z.output<S>>> => {
    const { apiKey, response, text } = await exchange(request);
    const { status } = response;
    const rateLimit = rateLimitIn(response.headers);
    const body = jsonIn(text);
    if (!response.ok) {
      const said = z.safeParse(errorBody, body);
      const error = errorFor(request, { status, rateLimit, ...(said.success ? said.data : {}) });
      if (error instanceof Unauthorised && error.isAboutKey) onKeyRefused?.(apiKey);
      throw error;
    }
    const result = z.safeParse(schema, body);
    if (result.success) return { body: result.data, rateLimit };
    const { error: cause } = result;
    throw new OutcomeUnknown(request, `${status}, but the body is not valid, the outcome is unknown`, {
      cause,
      rateLimit,
    });
  };

  const messagesAt = <S extends z.core.$ZodType>(path: string, newMessage: S) => {
    const one = (id: string) => `${path}/${encodeURIComponent(parse(messageId, id, 'The message id'))}`;
    return {
      post: named({ method: 'POST', path }, async (body: z.input<S>) =>
        call({ method: 'POST', path, body: parse(newMessage, body, 'The message') }, message),
      ),
      get: named({ method: 'GET', path }, async (id: string) =>
        call({ method: 'GET', path: one(id) }, message),
      ),
      update: named({ method: 'PUT', path }, async (id: string, text: string) =>
        call(
          { method: 'PUT', path: one(id), body: parse(messageText, { text }, 'The message') },
          editedMessage(id),
        ),
      ),
      delete: named({ method: 'DELETE', path }, async (id: string) =>
        call({ method: 'DELETE', path: one(id) }, nothing),
      ),
    };
  };

  return {
    /** An agent's messages. Only those of type `agent` can be changed or deleted. */
    messages: messagesAt('/conversations/messages', newAgentMessage),
    /** Automated ("pushed") messages. */
    pushedMessages: messagesAt('/conversations/pushedMessages', newPushedMessage),
    /** Shows an agent as online for the next two to three minutes. */
    pingAgent: named(ping, async (agent: AgentPing) =>
      call({ ...ping, body: parse(agentPing, agent, 'The agent') }, nothing),
    ),
  };
};

export type BrevoClient = ReturnType<typeof createBrevoClient>;

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * undici's error holds received bytes that are not HTTP as `data`. They may contain a message's text, which no error
 * may show.
 */
const withoutData = (error: unknown): unknown => {
  if (error instanceof Error) {
    Reflect.deleteProperty(error, 'data');
    withoutData(error.cause);
  }
  return error;
};
