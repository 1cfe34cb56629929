/** So far a signed time may be from ours, before or after, as Stripe and Standard Webhooks have it. */
const toleranceMs = 300_000;

/**
 * A signed time, from Unix seconds in digits alone.
 * @returns milliseconds since 1970; undefined for anything else, such as `1614265330junk`
 */
export const signedTime = (seconds: string): number | undefined =>
  /^\d{1,12}$/.test(seconds) ? Number(seconds) * 1000 : undefined;

/** Whether something was signed within five minutes of now. Both in milliseconds since 1970. */
export const isRecent = (at: number, now: number): boolean => Math.abs(now - at) <= toleranceMs;
