import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** What can be wrong with a request, or with what it asks for. */
export const problemKinds = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  unauthorised: { status: 401, title: 'A bearer token is needed' },
  'origin-refused': { status: 403, title: 'Pages of this origin may not call the API' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'The resource does not know this method' },
  conflict: { status: 409, title: 'The request contradicts what is there' },
  'too-large': { status: 413, title: 'The body is too large' },
  'not-json': { status: 415, title: 'The body must be JSON' },
  'out-of-budget': { status: 429, title: 'No request to Brevo is free' },
  internal: { status: 500, title: 'Something went wrong' },
  'brevo-failed': { status: 502, title: 'Brevo did not do it' },
  unavailable: { status: 503, title: 'It cannot be taken for now' },
  'brevo-silent': { status: 504, title: 'Brevo did not answer in time' },
} as const;

export type ProblemKind = keyof typeof problemKinds;

/** One field at fault: a JSON pointer into the body, or the name of a parameter. */
export interface FieldFault {
  detail: string;
  pointer?: string;
  parameter?: string;
}

export interface ProblemFields {
  detail: string;
  errors?: FieldFault[];
  /** Brevo's own words. */
  brevo?: { status?: number; code?: string | undefined; message?: string | undefined };
  /** The notice that the request made or changed, all the same. */
  reference?: string;
}

/**
 * A request that is not fulfilled, as its sender sees it: a problem document
 * (https://www.rfc-editor.org/rfc/rfc9457).
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly fields: ProblemFields;
  readonly headers: Record<string, string>;

  constructor(kind: ProblemKind, fields: ProblemFields, headers: Record<string, string> = {}) {
    super(fields.detail);
    this.kind = kind;
    this.fields = fields;
    this.headers = headers;
  }
}

/** The body of a problem document. */
const documentOf = ({ kind, fields }: Problem) => ({
  type: `urn:conversations-bridge:problem:${kind}`,
  ...problemKinds[kind],
  ...fields,
});

export const problemResponse = (problem: Problem): APIGatewayProxyStructuredResultV2 => ({
  statusCode: problemKinds[problem.kind].status,
  headers: { 'content-type': 'application/problem+json', ...problem.headers },
  body: JSON.stringify(documentOf(problem)),
});

/** The header that says when to come back. */
export const retryAfter = (seconds: number): Record<string, string> => ({
  'retry-after': String(Math.max(1, Math.ceil(seconds))),
});
