/** What travels over the wire: requests and their bodies, answers, and refusals. */
import * as z from 'zod/mini';

/** A request as the simulation sees it. Header names are in lower case; the path may carry a query. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What travels back over the wire. An empty body is sent without a content type. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How error answers look: as documented, without the optional `code`, as a proxy's HTML page, or with no body. */
export const errorBodies = ['json', 'no-code', 'html', 'empty'] as const;
export type ErrorBody = (typeof errorBodies)[number];

/** Brevo refuses the request with this status and error body. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string | undefined;

  constructor(status: number, code: string | undefined, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What `act` gives, or the refusal it throws; any other error goes on. */
export const attempt = <Result>(act: () => Result): Result | Refusal => {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
};

/** An answer whose body is `value` as JSON. */
export const jsonAnswer = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** The answer to a refused request, in the given look. */
export const refusalAnswer = (refusal: Refusal, look: ErrorBody): Answer => {
  const { status, code, message } = refusal;
  switch (look) {
    case 'json':
      return jsonAnswer(status, { code, message });
    case 'no-code':
      return jsonAnswer(status, { message });
    case 'html':
      return {
        status,
        headers: { 'content-type': 'text/html' },
        body: `<html><body><h1>${status}</h1></body></html>`,
      };
    case 'empty':
      return { status, headers: {}, body: '' };
  }
};

const jsonObject = z.record(z.string(), z.unknown());

/**
 * The request's body, checked. An empty string counts as missing.
 *
 * @throws Refusal 406 when the content type is not JSON, 400 when the body is no JSON object, when a required field is missing,
 * and when one is not of its type
 */
export const readBody = <Fields>(schema: z.ZodMiniType<Fields>, request: Request): Fields => {
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
};

/** The value of a JSON text, or undefined when it is none. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
