import * as z from 'zod/mini';
import { version } from '../runtime/version.ts';
import { notice, problem } from './contract/fields.ts';
import { type AnswerContract, type Operation, takesBody } from './contract/operation.ts';
import { type ProblemKind, problemKinds } from './contract/problem.ts';

/** Schemas that other parts of the document refer to by name. */
const components = { Notice: notice, Problem: problem };

const componentOf = (schema: z.core.$ZodType): { $ref: string } | undefined => {
  const name = Object.entries(components).find(([, component]) => component === schema)?.[0];
  return name === undefined ? undefined : { $ref: `#/components/schemas/${name}` };
};

const schemaOf = (schema: z.core.$ZodType, io: 'input' | 'output'): object => {
  const component = componentOf(schema);
  if (component !== undefined) return component;
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const known = componentOf(zodSchema);
      if (known === undefined) return;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      Object.assign(jsonSchema, known);
    },
  });
  return json;
};

const jsonBody = (schema: z.core.$ZodType, example: unknown, io: 'input' | 'output'): object => ({
  'application/json': { schema: schemaOf(schema, io), ...(example === undefined ? {} : { example }) },
});

const header = (description: string): object => ({ description, schema: { type: 'string' } });

const answerOf = ({ description, schema, example, headers }: AnswerContract): object => ({
  description,
  ...(schema === undefined ? {} : { content: jsonBody(schema, example, 'output') }),
  ...(headers === undefined
    ? {}
    : {
        headers: Object.fromEntries(Object.entries(headers).map(([name, says]) => [name, header(says)])),
      }),
});

/** The problems that every operation can have. */
const alwaysPossible = (operation: Operation): ProblemKind[] => [
  ...(operation.isForServers ? [] : (['origin-refused'] as const)),
  ...(operation.isOpen ? [] : (['unauthorised'] as const)),
  'invalid-request',
  ...(takesBody(operation) ? (['too-large', 'not-json'] as const) : []),
  'internal',
];

/** What API Gateway answers by itself if a route is throttled. */
const throttled = {
  description: 'Too many requests',
  content: {
    'application/json': { schema: { type: 'object', properties: { message: { type: 'string' } } } },
  },
};

const problemsOf = (operation: Operation): object => {
  const kinds = [...alwaysPossible(operation), ...operation.problems];
  const described = kinds.map((kind) => {
    const { status, title } = problemKinds[kind];
    const content = {
      'application/problem+json': { schema: schemaOf(problem, 'output') },
      ...(status === 429 ? throttled.content : {}),
    };
    const isAboutToken = kind === 'unauthorised' && operation.isOpen !== true;
    const headers = isAboutToken ? { headers: { 'www-authenticate': header('`Bearer`') } } : {};
    return [status, { description: title, content, ...headers }];
  });
  return { 429: throttled, ...Object.fromEntries(described) };
};

/** The fields of an object in JSON Schema. */
const objectSchema = z.object({
  properties: z._default(z.record(z.string(), z.unknown()), {}),
  required: z._default(z.array(z.string()), []),
});

const parametersOf = ({ request }: Operation): object[] =>
  (['path', 'query', 'header'] as const).flatMap((place) => {
    const schema = place === 'header' ? request.headers : request[place];
    const { properties, required } = objectSchema.parse(schemaOf(schema, 'input'));
    return Object.entries(properties).map(([name, schema]) => ({
      name,
      in: place,
      required: required.includes(name),
      schema,
    }));
  });

const rawContent = {
  'application/json': { schema: { type: 'object' } },
  'application/x-www-form-urlencoded': { schema: { type: 'object' } },
};

const itemOf = (operation: Operation): object => {
  const { id, tag, summary, description, request, example, rawBody, answers, isOpen } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    ...(isOpen ? { security: [] } : {}),
    parameters: parametersOf(operation),
    ...(takesBody(operation)
      ? { requestBody: { required: true, content: jsonBody(request.body, example, 'input') } }
      : {}),
    ...(rawBody === undefined
      ? {}
      : { requestBody: { required: true, description: rawBody, content: rawContent } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
      ...problemsOf(operation),
    },
  };
};

/**
 * The OpenAPI 3.1 document of these operations (https://spec.openapis.org/oas/v3.1.1), generated from the schemas
 * that parse requests.
 */
export const openApiOf = (operations: readonly Operation[]) => {
  const byPath = Map.groupBy(operations, ({ path }) => path);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Conversations Bridge',
      version,
      description:
        'Sends, reads, changes and deletes the messages in the Brevo Conversations chats of a shop’s customers. Errors are problem documents (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    security: [{ token: [] }],
    paths: Object.fromEntries(
      Array.from(byPath, ([path, some]) => [
        path,
        Object.fromEntries(some.map((operation) => [operation.method.toLowerCase(), itemOf(operation)])),
      ]),
    ),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: Object.fromEntries(
        Object.entries(components).map(([name, schema]) => {
          const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'output' });
          return [name, json];
        }),
      ),
    },
  };
};
