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
  /** Asked before each request, so that a rotated key is taken up. What it throws is thrown on as it is. */
  credentials: () => Promise<{ apiKey: string; partnerKey?: string | undefined }>;
  /** Called with an API key that Brevo refused, be it for itself or for the partner key beside it. */
  onKeyRefused?: (apiKey: string) => void;
  fetch: typeof globalThis.fetch;
  /** How long a request may take in all, its answer's body included. */
  timeoutMs: number;
}

/** An answer of Brevo's, with what it said of the request limit. */
export interface Answer<Body> {
  body: Body;
  rateLimit: RateLimit;
}

/** One operation of the API. `operation` is its method and path without ids, such as `PUT /conversations/messages`. */
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
 * How long one call may take. Longer than the ten seconds after which fetch gives up connecting, so that a network which
 * leads nowhere is distinguished from an answer that was lost. Milliseconds.
 */
export const brevoTimeoutMs = 12_000;

// Without credentials, which fetch refuses, and without a query, which would swallow the operation's path.
const apiUrl = z
  .url({ protocol: /^https?$/ })
  .check(z.regex(/^[^?#@]*$/, { error: 'must have neither credentials nor a query' }));

const fitsHeader = (key: string): boolean => /^[\x21-\x7e]*$/.test(key);

/**
 * The one client of the Brevo Conversations API. It never repeats a request: whoever calls it knows whether that
 * is harmless, and every request counts against the hourly limit.
 *
 * Each operation throws `InvalidInput` for a body that Brevo would refuse, before anything is sent, and otherwise
 * one of the classes of errors.ts.
 * @throws {InvalidInput} when the base URL is none
 */
export const createBrevoClient = (options: BrevoOptions) => {
  const { baseUrl, credentials, onKeyRefused, fetch, timeoutMs } = options;
  const base = parse(apiUrl, baseUrl, 'The base URL of Brevo').replace(/\/+$/, '');

  // Apart from the exchange itself: what fails here fails before anything is sent.
  const prepare = async (request: BrevoRequest): Promise<{ apiKey: string; init: RequestInit }> => {
    const { method, body } = request;
    const { apiKey, partnerKey } = await credentials();
    // fetch would refuse such a key too, but with the key in the error's message.
    if (![apiKey, partnerKey ?? ''].every(fitsHeader)) {
      throw new NotSent(request, 'the API key or the partner key holds a space, a line break or worse');
    }
    const headers = {
      accept: 'application/json',
      'api-key': apiKey,
      'user-agent': `conversations-bridge/${version}`,
      // A kept-alive socket that Brevo closed meanwhile fails in a way that looks like a lost answer.
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
      if (neverConnected(cause)) throw new NotSent(request, 'no connection to Brevo was made', { cause });
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
    throw new OutcomeUnknown(request, `${status} with a body that is no message`, { cause, rateLimit });
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
        call({ method: 'PUT', path: one(id), body: parse(messageText, { text }, 'The message') }, message),
      ),
      delete: named({ method: 'DELETE', path }, async (id: string) =>
        call({ method: 'DELETE', path: one(id) }, nothing),
      ),
    };
  };

  return {
    /** Messages of an agent. Only those of type `agent` can be changed or deleted. */
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

/** What arrived and was no HTTP stands in undici's error as `data`. It may hold a message's text, which no error may show. */
const withoutData = (error: unknown): unknown => {
  if (error instanceof Error) {
    Reflect.deleteProperty(error, 'data');
    withoutData(error.cause);
  }
  return error;
};
