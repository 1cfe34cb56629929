import * as z from 'zod/mini';
import { errorBodies } from './answer.ts';

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
