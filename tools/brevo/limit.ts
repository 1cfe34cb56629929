import * as z from 'zod/mini';

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

/**
 * Counts one request for `endpoint` at `at` (epoch ms) if the limit has room; a refused one is not counted.
 */
export function countRequest(counts: Counts, limit: Limit, endpoint: string, at: number): boolean {
  const key = countedAs(limit, endpoint);
  const times = inWindow(counts.get(key) ?? [], limit, at);
  const hasRoom = times.length < limit.limit;
  if (hasRoom) times.push(at);
  counts.set(key, times);
  return hasRoom;
}

/**
 * The three headers as they stand at `at` (epoch ms). The reset is in seconds from now: until the fixed window ends, or until
 * the oldest request leaves the sliding one.
 */
export function limitHeaders(
  counts: Counts,
  limit: Limit,
  endpoint: string,
  at: number,
): Record<string, string> {
  const times = inWindow(counts.get(countedAs(limit, endpoint)) ?? [], limit, at);
  const resetsAt = (times[0] ?? at) + limit.windowSeconds * 1000;
  return {
    'x-sib-ratelimit-limit': String(limit.limit),
    'x-sib-ratelimit-remaining': String(Math.max(0, limit.limit - times.length)),
    'x-sib-ratelimit-reset': String(Math.ceil((resetsAt - at) / 1000)),
  };
}

function countedAs(limit: Limit, endpoint: string): string {
  return limit.scope === 'account' ? 'account' : endpoint;
}

function inWindow(times: number[], limit: Limit, at: number): number[] {
  const isOver = (start: number) => at - start >= limit.windowSeconds * 1000;
  switch (limit.kind) {
    case 'fixed':
      return times[0] === undefined || isOver(times[0]) ? [] : times;
    case 'sliding':
      return times.filter((time) => !isOver(time));
  }
}
