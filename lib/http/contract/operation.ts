import * as z from 'zod/mini';
import type { ProblemKind } from './problem.ts';

type Schema = z.core.$ZodType;

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
export interface Operation<
  Path extends Schema,
  Query extends Schema,
  Headers extends Schema,
  Body extends Schema,
> {
  /** Names the operation in the OpenAPI document. */
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its parameters in braces: `/notices/{reference}`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  parameters: { path: Path; query: Query; headers: Headers };
  /** Read where the method is POST or PUT, and as JSON unless it is raw: then its bytes are the operation's own business. */
  body: { schema: Body; example?: unknown; isRaw?: boolean };
  answers: Record<number, AnswerContract>;
  /** What can be wrong, beside the request itself, its token and its origin. */
  problems: readonly ProblemKind[];
  /** Whether it can be called without the bearer token. */
  isOpen: boolean;
}

export type AnyOperation = Operation<Schema, Schema, Schema, Schema>;

/** What a handler gets of a request. */
export interface Input<
  Path extends Schema,
  Query extends Schema,
  Headers extends Schema,
  Body extends Schema,
> {
  path: z.output<Path>;
  query: z.output<Query>;
  headers: z.output<Headers>;
  body: z.output<Body>;
}

/** An operation's parameters where it has none: any that is given is refused. */
export const noParameters = {
  path: z.strictObject({}),
  query: z.strictObject({}),
  headers: z.object({}),
};

/** The body of an operation that takes none. */
export const noBody = { schema: z.undefined() };

/** The body of an operation that reads its bytes by itself. */
export const rawBody = { schema: z.undefined(), isRaw: true };

/** Whether an operation takes a body of JSON. */
export const takesBody = ({ method, body }: Pick<AnyOperation, 'method' | 'body'>): boolean =>
  (method === 'POST' || method === 'PUT') && body.isRaw !== true;

/** Describes an operation. */
export const operation = <
  Path extends Schema,
  Query extends Schema,
  Headers extends Schema,
  Body extends Schema,
>(
  described: Operation<Path, Query, Headers, Body>,
): Operation<Path, Query, Headers, Body> => described;
