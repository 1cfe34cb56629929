import type { RateLimit } from './rate-limit.ts';

/** The request an error is about. Neither part ever holds a key or a message's text. */
export interface RequestLine {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
}

/** What Brevo answered, as far as it could be read. */
export interface ErrorAnswer {
  status: number;
  rateLimit: RateLimit;
  code?: string | undefined;
  message?: string | undefined;
}

/** A call to Brevo that did not succeed. Each fault has a class of its own, for each asks for another reaction. */
export abstract class BrevoError extends Error {
  readonly method: RequestLine['method'];
  readonly path: string;
  /** Empty where no answer came. */
  readonly rateLimit: RateLimit;

  constructor(
    { method, path }: RequestLine,
    what: string,
    { rateLimit = {}, ...options }: ErrorOptions & { rateLimit?: RateLimit } = {},
  ) {
    super(`${method} ${path}: ${what}`, options);
    this.method = method;
    this.path = path;
    this.rateLimit = rateLimit;
  }
}

/** Brevo answered with an error. */
abstract class BrevoAnswerError extends BrevoError {
  readonly status: number;
  readonly code: string | undefined;
  readonly brevoMessage: string | undefined;

  constructor(request: RequestLine, answer: ErrorAnswer, advice?: string) {
    const said = [answer.code, answer.message].filter((part) => part !== undefined && part !== '').join(': ');
    const { status, rateLimit } = answer;
    super(request, [`${status} ${said}`.trim(), advice].filter(Boolean).join('. '), { rateLimit });
    this.status = status;
    this.code = answer.code;
    this.brevoMessage = answer.message;
  }
}

/** Brevo understood the request and will not do it: repeating it is of no use. */
export class RequestRefused extends BrevoAnswerError {
  override readonly name = 'RequestRefused';
}

/** There is no such message, or no longer. */
export class NotFound extends BrevoAnswerError {
  override readonly name = 'NotFound';
}

/** Why Brevo does not let the bridge in; each needs other advice to the operator. */
export type UnauthorisedReason =
  | 'key-missing'
  | 'key-unknown'
  | 'address-refused'
  | 'forbidden'
  | 'unexplained';

const advice: Record<UnauthorisedReason, string> = {
  'key-missing': 'No API key reached Brevo: check the bridge’s secrets and any proxy in between',
  'key-unknown': 'Brevo does not know this API key: it was revoked, mistyped or belongs to another account',
  'address-refused':
    'The key may well be right: the account accepts requests from known IP addresses only. Allow the bridge’s address in Brevo under Security → Authorised IPs, or switch the restriction off',
  forbidden: 'The key is known but may not do this: check the plan and the permissions of the account',
  unexplained:
    'Brevo gave no reason it is known for: check the API key and the account’s authorised IP addresses',
};

const reasonOf = ({ status, message = '' }: ErrorAnswer): UnauthorisedReason => {
  if (/\bip\b.*address|\bunrecogni[sz]ed ip\b/i.test(message)) return 'address-refused';
  if (/authentication not found/i.test(message)) return 'key-missing';
  if (/key not found/i.test(message)) return 'key-unknown';
  return status === 403 ? 'forbidden' : 'unexplained';
};

/** Brevo does not let the bridge in (401 or 403). It will not heal by repeating. */
export class Unauthorised extends BrevoAnswerError {
  override readonly name = 'Unauthorised';
  readonly reason: UnauthorisedReason;
  /** Another key might be let in. Not so where the address is refused, or the account may not do this (403). */
  readonly isAboutKey: boolean;

  constructor(request: RequestLine, answer: ErrorAnswer) {
    const reason = reasonOf(answer);
    super(request, answer, advice[reason]);
    this.reason = reason;
    this.isAboutKey = answer.status === 401 && reason !== 'address-refused';
  }
}

/** Too many requests (429): nothing was done. `rateLimit.resetSeconds`, where Brevo sent it, says when to come back. */
export class RateLimited extends BrevoAnswerError {
  override readonly name = 'RateLimited';
}

/** Brevo failed (5xx). Whether the request took effect depends on the status, and is not promised for any. */
export class ServerError extends BrevoAnswerError {
  override readonly name = 'ServerError';
}

/** No connection was made (DNS, refused, TLS), or none was tried for want of a usable key: Brevo never saw the request. */
export class NotSent extends BrevoError {
  override readonly name = 'NotSent';
}

/** The request was under way and no usable answer came: it may or may not have taken effect. */
export class OutcomeUnknown extends BrevoError {
  override readonly name = 'OutcomeUnknown';
}

/** The error for an answer that is not 2xx. 408 means that Brevo gave up waiting: nobody knows what it did. */
export const errorFor = (request: RequestLine, answer: ErrorAnswer): BrevoError => {
  const { status, rateLimit } = answer;
  if (status === 401 || status === 403) return new Unauthorised(request, answer);
  if (status === 404) return new NotFound(request, answer);
  if (status === 408) return new OutcomeUnknown(request, '408, the outcome is unknown', { rateLimit });
  if (status === 429) return new RateLimited(request, answer);
  if (status >= 500) return new ServerError(request, answer);
  return new RequestRefused(request, answer);
};

// Node names the system call that failed. The code alone does not say: EHOSTUNREACH, for one, also ends connections
// over which a request has gone out.
const connecting = new Set(['getaddrinfo', 'connect']);

// Certificates are checked, and the protocol is agreed on, before the first byte of a request leaves. Other errors of
// OpenSSL may come later.
const handshake =
  /^(UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_SSL_(WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|.*ALERT_(HANDSHAKE_FAILURE|PROTOCOL_VERSION|UNRECOGNIZED_NAME)))$/;

const textOf = (error: Error, field: 'code' | 'syscall'): string => {
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : '';
};

/** Whether a failed fetch certainly never sent its request. Looks through the chain of causes, and through attempts on several addresses. */
export const neverConnected = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(neverConnected);
  if (connecting.has(textOf(error, 'syscall')) || handshake.test(textOf(error, 'code'))) return true;
  if (error.message.includes('before secure TLS connection')) return true;
  return neverConnected(error.cause);
};
