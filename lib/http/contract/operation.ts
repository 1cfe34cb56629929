import * as z from 'zod/mini';
import type { ProblemKind } from './problem.ts';

type Schema = z.core.$ZodType;

/** The schemas that parse the parts of a request. */
export interface RequestSchemas {
  path: Schema;
  query: Schema;
  headers: Schema;
  body: Schema;
}

/** A request, parsed by the schemas of an operation. */
export type Input<Request extends RequestSchemas> = {
  [Part in keyof RequestSchemas]: z.output<Request[Part]>;
};

/** A response of an operation, with an example. */
export interface AnswerContract {
  description: string;
  /** Absent if the response has no body. */
  schema?: Schema;
  example?: unknown;
  headers?: Record<string, string>;
}

/** One operation of the HTTP API. Both the handler and the OpenAPI document use this description. */
export interface Operation<Request extends RequestSchemas = RequestSchemas> {
  /** Names the operation in the OpenAPI document. */
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its parameters in braces: `/notices/{reference}`. */
  path: string;
  tag: string;
  summary: string;
  description: string;
  request: Request;
  /** An example of the request body. */
  example?: unknown;
  /** What the body is, if the function reads it byte for byte. */
  rawBody?: string;
  answers: Record<number, AnswerContract>;
  /** Problems besides those of the request itself, its token and its origin. */
  problems: readonly ProblemKind[];
  /** Whether it can be called without the bearer token. */
  isOpen?: boolean;
  /** Whether its callers are servers. If one sends an Origin header, that means nothing. */
  isForServers?: boolean;
}

/** A request without parameters or a JSON body. A parameter that is given is refused; a body is not read. */
export const nothing = {
  path: z.strictObject({}),
  query: z.strictObject({}),
  headers: z.object({}),
  body: z.undefined(),
};

/** Whether an operation takes a JSON body. */
export const takesBody = ({ request }: Pick<Operation, 'request'>): boolean => request.body !== nothing.body;

/** Infers the type of an operation's request. */
export const operation = <Request extends RequestSchemas>(
  described: Operation<Request>,
): Operation<Request> => described;
