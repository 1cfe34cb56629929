import * as z from 'zod/mini';
import { Refusal, type Request } from './answer.ts';

const jsonObject = z.record(z.string(), z.unknown());

/**
 * The request's body, checked. An empty string counts as missing.
 *
 * @throws Refusal 406 when the content type is not JSON, 400 when the body is no JSON object, when a required field is missing,
 * and when one is not of its type
 */
export function readBody<Fields>(schema: z.ZodMiniType<Fields>, request: Request): Fields {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new Refusal(406, 'not_acceptable', 'Content-Type must be application/json');
  }
  const body = jsonObject.safeParse(parseJson(request.body));
  if (!body.success) throw new Refusal(400, 'bad_request', 'the body must be a JSON object');
  const fields = schema.safeParse(body.data);
  if (fields.success) return fields.data;
  const field = String(fields.error.issues[0]?.path[0]);
  const value = body.data[field];
  throw value === undefined || value === ''
    ? new Refusal(400, 'missing_parameter', `${field} is missing`)
    : new Refusal(400, 'invalid_parameter', `${field} is not valid`);
}

/** The value of a JSON text, or undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
