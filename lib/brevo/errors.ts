import type { RateLimit } from './rate-limit.ts';

/** The request that an error is about. Neither part ever contains a key or a message's text. */
export interface RequestLine {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
}

/** Brevo's answer, as far as it could be read. */
export interface ErrorAnswer {
  status: number;
  rateLimit: RateLimit;
  code?: string | undefined;
  message?: string | undefined;
}

/** A call to Brevo that did not succeed. Each fault has its own class, because each needs a different reaction. */
export abstract class BrevoError extends Error {
  readonly method: RequestLine['method'];
  readonly path: string;
  /** Empty if there was no answer. */
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

/** Brevo understood the request and refused it. Repeating it does not help. */
export class RequestRefused extends BrevoAnswerError {
  override readonly name = 'RequestRefused';
}

/** The message does not exist, or no longer exists. */
export class NotFound extends BrevoAnswerError {
  override readonly name = 'NotFound';
}

/** Why Brevo denies access. Each reason leads to different advice for the operator. */
export type UnauthorisedReason =
  | 'key-missing'
  | 'key-unknown'
  | 'address-refused'
  | 'forbidden'
  | 'payment-required'
  | 'unexplained';

const advice: Record<UnauthorisedReason, string> = {
  'key-missing': 'Brevo received no API key. Check the bridge’s secrets, and any proxy in between',
  'key-unknown':
    'Brevo does not know this API key. It was revoked or mistyped, or it belongs to another account',
  'address-refused':
    'The key may be right, but the account accepts requests from authorised IP addresses only. Add the bridge’s address in Brevo under Security → Authorised IPs, or turn the restriction off',
  forbidden:
    'Brevo knows the key but does not allow this operation. Check the plan and the permissions of the account',
  'payment-required':
    'Brevo asks for payment, for everything that the account does. Check the account’s plan and its invoices',
  unexplained: 'Brevo gave no known reason. Check the API key and the account’s authorised IP addresses',
};

const reasonOf = ({ status, message = '' }: ErrorAnswer): UnauthorisedReason => {
  if (/\bip\b.*address|\bunrecogni[sz]ed ip\b/i.test(message)) return 'address-refused';
  if (/authentication not found/i.test(message)) return 'key-missing';
  if (/key not found/i.test(message)) return 'key-unknown';
  if (status === 402) return 'payment-required';
  return status === 403 ? 'forbidden' : 'unexplained';
};

/** Brevo denies access to the whole account (401, 402 or 403). Repeating the request does not help. */
export class Unauthorised extends BrevoAnswerError {
  override readonly name = 'Unauthorised';
  readonly reason: UnauthorisedReason;
  /**
   * Whether another key could help. False if Brevo refuses the IP address, or if the account lacks the permission
   * (403).
   */
  readonly isAboutKey: boolean;

  constructor(request: RequestLine, answer: ErrorAnswer) {
    const reason = reasonOf(answer);
    super(request, answer, advice[reason]);
    this.reason = reason;
    this.isAboutKey = answer.status === 401 && reason !== 'address-refused';
  }
}

/** Too many requests (429): nothing was done. `rateLimit.resetSeconds`, if Brevo sent it, is the time to wait. */
export class RateLimited extends BrevoAnswerError {
  override readonly name = 'RateLimited';
}

/**
 * Brevo failed (5xx): depending on the status, the request may have taken effect. Or the answer was a redirect (3xx),
 * which is not followed: nothing was done.
 */
export class ServerError extends BrevoAnswerError {
  override readonly name = 'ServerError';
}

/** No connection was made (DNS, refused, TLS), or the key was unusable. Brevo never received the request. */
export class NotSent extends BrevoError {
  override readonly name = 'NotSent';
}

/** The request was sent, but no usable answer came: it may or may not have taken effect. */
export class OutcomeUnknown extends BrevoError {
  override readonly name = 'OutcomeUnknown';
}

/** The error for an answer outside 2xx. 408 means that Brevo stopped waiting, so its outcome is unknown. */
export const errorFor = (request: RequestLine, answer: ErrorAnswer): BrevoError => {
  const { status, rateLimit } = answer;
  if (status === 401 || status === 402 || status === 403) return new Unauthorised(request, answer);
  if (status === 404) return new NotFound(request, answer);
  if (status === 408)
    return new OutcomeUnknown(request, '408, Brevo timed out, the outcome is unknown', { rateLimit });
  if (status === 429) return new RateLimited(request, answer);
  if (status < 400 || status >= 500) return new ServerError(request, answer);
  return new RequestRefused(request, answer);
};

// Node names the system call that failed. The error code alone is not enough: EHOSTUNREACH, for example, can also end
// a connection on which a request was already sent.
const connecting = new Set(['getaddrinfo', 'connect']);

// Certificate checks and protocol negotiation happen before the first byte of a request is sent. Other OpenSSL errors
// may come later.
const handshake =
  /^(UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_SSL_(WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|.*ALERT_(HANDSHAKE_FAILURE|PROTOCOL_VERSION|UNRECOGNIZED_NAME)))$/;

const textOf = (error: Error, field: 'code' | 'syscall'): string => {
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : '';
};

/**
 * Whether a failed fetch certainly never sent its request. Follows the chain of causes, and attempts on several
 * addresses.
 */
export const neverConnected = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(neverConnected);
  if (connecting.has(textOf(error, 'syscall')) || handshake.test(textOf(error, 'code'))) return true;
  if (error.message.includes('before secure TLS connection')) return true;
  return neverConnected(error.cause);
};
