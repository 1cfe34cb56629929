/** What can be made to go wrong: faults, one request at a time, and switches, until they are set back. */
import * as z from 'zod/mini';
import { errorBodies, type Request } from './answer.ts';

const when = {
  /** Which requests it hits; `path` is a part of the path in which `*` stands for anything, `body` a part of the body. */
  match: z._default(
    z.strictObject({
      method: z.optional(z.string()),
      path: z.optional(z.string()),
      body: z.optional(z.string()),
    }),
    {},
  ),
  /** How many matching requests it hits. */
  times: z._default(z.int().check(z.positive()), 1),
};

/** At most an hour: a timer cannot wait for much longer than three weeks. */
const delayMs = z.int().check(z.nonnegative(), z.maximum(3_600_000));
const noDelay = z._default(delayMs, 0);

const answer = {
  status: z.int().check(z.minimum(200), z.maximum(599)),
  headers: z._default(
    z.record(z.string().check(z.regex(/^[\w-]+$/)), z.string().check(z.regex(/^[\x20-\x7e]*$/))),
    {},
  ),
  /** Sent as it is; without it an error gets the documented body, a success an empty one. */
  body: z.optional(z.string()),
};

/**
 * One thing that goes wrong on demand. Each kind can also answer (or drop) only after `delayMs`.
 *
 * - `status`: nothing is applied, and the answer is this status.
 * - `status-after`: applied, then answered with this status.
 * - `delay`: applied at once, answered after `delayMs`.
 * - `late`: applied only after `delayMs`, when the caller has given up.
 * - `reset-before`: the connection is dropped and nothing applied.
 * - `reset-after`: applied, then the connection is dropped.
 */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...when,
    ...answer,
    kind: z.enum(['status', 'status-after']),
    delayMs: noDelay,
  }),
  z.strictObject({ ...when, kind: z.enum(['delay', 'late']), delayMs }),
  z.strictObject({ ...when, kind: z.enum(['reset-before', 'reset-after']), delayMs: noDelay }),
]);
export type Fault = z.infer<typeof faultSchema>;

/** The first fault that matches the request, counted down; one that is used up leaves the list. */
export const takeFault = (faults: Fault[], request: Request): Fault | undefined => {
  const index = faults.findIndex(({ match }) => matches(match, request));
  const fault = faults[index];
  if (fault === undefined) return undefined;
  if (fault.times === 1) faults.splice(index, 1);
  else faults[index] = { ...fault, times: fault.times - 1 };
  return fault;
};

const matches = (match: Fault['match'], request: Request): boolean =>
  (match.method === undefined || match.method.toUpperCase() === request.method) &&
  (match.path === undefined || containsInOrder(request.path, match.path.split('*'))) &&
  (match.body === undefined || request.body.includes(match.body));

const containsInOrder = (text: string, parts: readonly string[]): boolean => {
  let from = 0;
  return parts.every((part) => {
    const found = text.indexOf(part, from);
    from = found + part.length;
    return found !== -1;
  });
};

/** What can be set about the simulation: above all the answers that Brevo does not document. */
export const switchesSchema = z.strictObject({
  /** The account refuses calls from this address: the third face of 401. */
  ipRestricted: z.boolean(),
  /** Whether answers carry the rate-limit headers. */
  rateLimitHeaders: z.boolean(),
  /** How error answers look. */
  errorBody: z.enum(errorBodies),
  /** Whether the id of a pushed message works on /messages/{id} too. */
  pushedIdsOnMessages: z.boolean(),
  /** What a second DELETE of one message answers. */
  secondDelete: z.union([z.literal(404), z.literal(204)]),
  /** The visitors that may be written to; null accepts everyone. */
  knownVisitors: z.nullable(z.array(z.string())),
});
export type Switches = z.infer<typeof switchesSchema>;

export const defaultSwitches: Switches = {
  ipRestricted: false,
  rateLimitHeaders: true,
  errorBody: 'json',
  pushedIdsOnMessages: false,
  secondDelete: 404,
  knownVisitors: null,
};
