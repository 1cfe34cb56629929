import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** The kinds of problem that a request can run into. */
export const problemKinds = {
  'invalid-request': { status: 400, title: 'Invalid request' },
  unauthorised: { status: 401, title: 'Authentication failed' },
  'origin-refused': { status: 403, title: 'Origin not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'Conflict with the current state' },
  'too-large': { status: 413, title: 'Body too large' },
  'not-json': { status: 415, title: 'Body must be JSON' },
  'brevo-refused': { status: 422, title: 'Brevo refused the request' },
  'out-of-budget': { status: 429, title: 'Request budget used up' },
  internal: { status: 500, title: 'Internal error' },
  'brevo-failed': { status: 502, title: 'Brevo request failed' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
  'brevo-silent': { status: 504, title: 'Brevo did not answer in time' },
} as const;

export type ProblemKind = keyof typeof problemKinds;

/** One invalid field: a JSON pointer into the body, or the name of a parameter. */
export interface FieldFault {
  detail: string;
  pointer?: string;
  parameter?: string;
}

export interface ProblemFields {
  detail: string;
  errors?: FieldFault[];
  /** Brevo's own error. */
  brevo?: { status?: number; code?: string | undefined; message?: string | undefined };
  /** The notice that the request created or changed in spite of the problem. */
  reference?: string;
}

/**
 * An error that the caller of the HTTP API receives as a problem document (https://www.rfc-editor.org/rfc/rfc9457).
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

/** The header that says when to try again. */
export const retryAfter = (seconds: number): Record<string, string> => ({
  'retry-after': String(Math.max(1, Math.ceil(seconds))),
});
