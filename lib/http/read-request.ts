import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod/mini';
import type { Fault } from '../runtime/parse.ts';
import { InvalidInput, parse } from '../runtime/parse.ts';
import { type Input, type Operation, takesBody } from './contract/operation.ts';
import { type FieldFault, Problem } from './contract/problem.ts';

const largestBodyBytes = 256 * 1024;

type Schema = z.core.$ZodType;

/**
 * Reads what an operation asks for out of a request, every fault named at once.
 * @throws {Problem} invalid-request, too-large or not-json
 */
export const readRequest = <
  Path extends Schema,
  Query extends Schema,
  Headers extends Schema,
  Body extends Schema,
>(
  operation: Operation<Path, Query, Headers, Body>,
  event: APIGatewayProxyEventV2,
): Input<Path, Query, Headers, Body> => {
  const { parameters, body } = operation;
  const faults: FieldFault[] = [];
  const read = <S extends Schema>(schema: S, value: unknown, place: (fault: Fault) => FieldFault) => {
    try {
      return { value: parse(schema, value, 'The request') };
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      faults.push(...error.faults.map(place));
      return undefined;
    }
  };
  const path = read(parameters.path, event.pathParameters ?? {}, inParameter);
  const query = read(parameters.query, event.queryStringParameters ?? {}, inParameter);
  const headers = read(parameters.headers, event.headers, inParameter);
  const content = read(body.schema, takesBody(operation) ? jsonIn(event) : undefined, inBody);
  if (path && query && headers && content)
    return { path: path.value, query: query.value, headers: headers.value, body: content.value };
  throw invalid(faults);
};

const invalid = (errors: FieldFault[]): Problem => {
  const named = errors.map(({ pointer, parameter, detail }) => `${pointer ?? parameter}: ${detail}`);
  return new Problem('invalid-request', { detail: named.join('; '), errors });
};

const inParameter = ({ path, message }: Fault): FieldFault => ({
  parameter: path.join('.'),
  detail: message,
});

/** A fault by its place in the body: RFC 6901, as a URI fragment, such as `#/items/0/name`. */
export const inBody = ({ path, message }: Fault): FieldFault => ({
  pointer: `#${path.map((part) => `/${escaped(String(part))}`).join('')}`,
  detail: message,
});

const escaped = (part: string): string =>
  encodeURIComponent(part.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1'));

const isJson = (contentType: string | undefined): boolean =>
  /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(contentType?.trim() ?? '');

const jsonIn = ({ headers, body = '', isBase64Encoded }: APIGatewayProxyEventV2): unknown => {
  if (!isJson(headers['content-type']))
    throw new Problem('not-json', { detail: 'Send the header Content-Type: application/json' });
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > largestBodyBytes)
    throw new Problem('too-large', {
      detail: `At most ${largestBodyBytes} bytes are taken, not ${bytes.length}`,
    });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalid([{ pointer: '#', detail: bytes.length === 0 ? 'is missing' : 'is not JSON in UTF-8' }]);
  }
};
