import * as z from 'zod/mini';
import type { ProblemKind } from './problem.ts';

type Schema = z.core.$ZodType;

/** The schemas by which the parts of a request are read. */
export interface RequestSchemas {
  path: Schema;
  query: Schema;
  headers: Schema;
  body: Schema;
}

/** A request, as an operation's schemas read it. */
export type Input<Request extends RequestSchemas> = {
  [Part in keyof RequestSchemas]: z.output<Request[Part]>;
};

/** What an answer looks like, and an example of it. */
export interface AnswerContract {
  description: string;
  /** Absent: the answer has no body. */
  schema?: Schema;
  example?: unknown;
  headers?: Record<string, string>;
}

/**
 * One operation of the HTTP API, described once: its handler reads requests by it, and the OpenAPI document is made of it.
 */
export interface Operation<Request extends RequestSchemas = RequestSchemas> {
  /** Names the operation in the OpenAPI document. */
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its parameters in braces: `/notices/{reference}`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  request: Request;
  /** An example of the request's body. */
  example?: unknown;
  /** The body's bytes are the operation's own business: it is not read as JSON. */
  hasRawBody?: boolean;
  answers: Record<number, AnswerContract>;
  /** What can be wrong, beside the request itself, its token and its origin. */
  problems: readonly ProblemKind[];
  /** Whether it can be called without the bearer token. */
  isOpen?: boolean;
}

/** A request without parameters or body: any that is given is refused. */
export const nothing = {
  path: z.strictObject({}),
  query: z.strictObject({}),
  headers: z.object({}),
  body: z.undefined(),
};

/** Whether an operation takes a body of JSON. */
export const takesBody = ({ method, hasRawBody }: Pick<Operation, 'method' | 'hasRawBody'>): boolean =>
  (method === 'POST' || method === 'PUT') && hasRawBody !== true;

/** Describes an operation. */
export const operation = <Request extends RequestSchemas>(
  described: Operation<Request>,
): Operation<Request> => described;
