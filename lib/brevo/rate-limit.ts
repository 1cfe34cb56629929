/** The rate limit as the headers of an answer report it. Any part may be missing. */
export interface RateLimit {
  /** Requests allowed in a window. */
  limit?: number;
  /** Requests left in the current window. */
  remaining?: number;
  /** Seconds until the window resets: a duration, not a timestamp. */
  resetSeconds?: number;
}

const countIn = (headers: Headers, name: string): number | undefined => {
  const value = headers.get(name);
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
};

/**
 * Reads the `x-sib-ratelimit-*` headers, documented at https://developers.brevo.com/docs/limits-quotas. Leaves out a
 * header that is missing or not a whole number: Brevo does not send them with every answer.
 */
export const rateLimitIn = (headers: Headers): RateLimit => {
  const limit = countIn(headers, 'x-sib-ratelimit-limit');
  const remaining = countIn(headers, 'x-sib-ratelimit-remaining');
  const resetSeconds = countIn(headers, 'x-sib-ratelimit-reset');
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(resetSeconds === undefined ? {} : { resetSeconds }),
  };
};
