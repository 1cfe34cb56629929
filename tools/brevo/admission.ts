/** Whether Brevo lets a request in: by its keys, and by the rate limit. */
import * as z from 'zod/mini';
import { Refusal, type Request } from './answer.ts';

export interface Keys {
  readonly apiKey: string;
  readonly partnerKey?: string;
}

/**
 * Lets a request with the right `api-key` through. A `partner-key` is optional, but must be right when one is sent and
 * configured.
 *
 * @throws Refusal 401 in one of its three faces: no key, a wrong key, or a right one from an address the account does
 * not allow (`ipRestricted`).
 */
export const authenticate = (headers: Request['headers'], keys: Keys, ipRestricted: boolean): void => {
  const apiKey = headers['api-key'];
  const partnerKey = headers['partner-key'];
  if (!apiKey) throw new Refusal(401, 'unauthorized', 'authentication not found in headers');
  const wrongPartner =
    partnerKey !== undefined && keys.partnerKey !== undefined && partnerKey !== keys.partnerKey;
  if (apiKey !== keys.apiKey || wrongPartner) throw new Refusal(401, 'unauthorized', 'Key not found');
  if (ipRestricted) {
    throw new Refusal(
      401,
      'unauthorized',
      'We have detected you are using an unrecognised IP address 203.0.113.7. If you performed this action make sure ' +
        'to add the new IP address in this link: https://app.brevo.com/security/authorised_ips',
    );
  }
};

/**
 * Brevo documents 100 requests an hour for this class of endpoints, but neither whether all endpoints share one count nor
 * whether the window is fixed (opened by its first request) or sliding: all four can be had here.
 */
export const limitSchema = z.strictObject({
  limit: z.int().check(z.nonnegative()),
  windowSeconds: z.number().check(z.positive()),
  kind: z.enum(['fixed', 'sliding']),
  scope: z.enum(['account', 'endpoint']),
});
export type Limit = z.infer<typeof limitSchema>;

export const defaultLimit: Limit = { limit: 100, windowSeconds: 3600, kind: 'fixed', scope: 'account' };

/** When (epoch ms) each request still in the window arrived, by endpoint, or under `account` for the shared count. */
export type Counts = Map<string, number[]>;

export interface LimitedRequest {
  counts: Counts;
  limit: Limit;
  /** Method and path pattern. */
  endpoint: string;
  /** Epoch milliseconds. */
  at: number;
}

/** Counts a request if the limit has room; a refused one is not counted. */
export const countRequest = ({ counts, limit, endpoint, at }: LimitedRequest): boolean => {
  const key = countedAs(limit, endpoint);
  const times = inWindow(counts.get(key) ?? [], limit, at);
  const hasRoom = times.length < limit.limit;
  if (hasRoom) times.push(at);
  counts.set(key, times);
  return hasRoom;
};

/**
 * The three headers as they stand now. The reset is in seconds from now: until the fixed window ends, or until
 * the oldest request leaves the sliding one.
 */
export const limitHeaders = ({ counts, limit, endpoint, at }: LimitedRequest): Record<string, string> => {
  const times = inWindow(counts.get(countedAs(limit, endpoint)) ?? [], limit, at);
  const resetsAt = (times[0] ?? at) + limit.windowSeconds * 1000;
  return {
    'x-sib-ratelimit-limit': String(limit.limit),
    'x-sib-ratelimit-remaining': String(Math.max(0, limit.limit - times.length)),
    'x-sib-ratelimit-reset': String(Math.ceil((resetsAt - at) / 1000)),
  };
};

const countedAs = (limit: Limit, endpoint: string): string =>
  limit.scope === 'account' ? 'account' : endpoint;

const inWindow = (times: number[], limit: Limit, at: number): number[] => {
  const isOver = (start: number) => at - start >= limit.windowSeconds * 1000;
  switch (limit.kind) {
    case 'fixed':
      return times[0] === undefined || isOver(times[0]) ? [] : times;
    case 'sliding':
      return times.filter((time) => !isOver(time));
  }
};
