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
export function attempt<Result>(act: () => Result): Result | Refusal {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** An answer whose body is `value` as JSON. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** The answer to a refused request, in the given look. */
export function refusalAnswer(refusal: Refusal, look: ErrorBody): Answer {
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
}
