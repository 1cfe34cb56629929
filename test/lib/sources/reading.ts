import * as z from 'zod/mini';
import type { Source } from '../../../lib/sources/source.ts';
import { webhookSamples } from '../../support/webhook-samples.ts';

/** The time at which the webhooks of these tests arrive. */
export const arrival = Date.parse('2026-01-15T09:30:00Z');

const anyObject = z.record(z.string(), z.unknown());

/** The body of a sample, for a test to change. */
export const bodyOf = (sample: string): Record<string, unknown> => {
  const found = webhookSamples.find(({ name }) => name === sample);
  return anyObject.parse(JSON.parse(found?.body.toString() ?? 'null'));
};

/** A field of the body that is an object. */
export const within = (body: Record<string, unknown>, ...path: string[]): Record<string, unknown> =>
  path.reduce((found, name) => anyObject.parse(found[name]), body);

/** The result of reading a body: its events, or the reason why there are none. */
export const readingOf = (source: Source, body: unknown, headers: Record<string, string> = {}) => {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const reading = source.read({ headers, query: {}, body: bytes }, arrival);
  return reading.kind === 'events' ? reading.events : reading.reason;
};

/** The data of each event, or the reason why there are none. */
export const dataOf = (...args: Parameters<typeof readingOf>) => {
  const reading = readingOf(...args);
  return typeof reading === 'string' ? reading : reading.map(({ data }) => data);
};
