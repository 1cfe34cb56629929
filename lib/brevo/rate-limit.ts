/** What Brevo says of the request limit with an answer; any part may be missing. */
export interface RateLimit {
  /** Requests allowed in a window. */
  limit?: number;
  /** Requests left in the current window. */
  remaining?: number;
  /** Seconds until the window's reset: a delta, not an epoch. */
  resetSeconds?: number;
}

const countIn = (headers: Headers, name: string): number | undefined => {
  const value = headers.get(name);
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
};

/**
 * Reads `x-sib-ratelimit-*`, the headers that Brevo documents at https://developers.brevo.com/docs/limits-quotas.
 * A header that is missing or no whole number is left out: on some calls Brevo sends none.
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
