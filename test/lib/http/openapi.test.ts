import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, inject, test } from 'vitest';
import * as z from 'zod/mini';
import { takesBody } from '../../../lib/http/contract/operation.ts';
import { operations } from '../../../lib/http/contract/operations.ts';
import { openApiOf } from '../../../lib/http/openapi.ts';
import { readTemplate } from '../../../tools/aws/template.ts';
import { files } from '../../support/http-api.ts';

const document = openApiOf(operations);

test('the document is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

test('every example matches its schema', () => {
  for (const operation of operations) {
    if (takesBody(operation)) {
      expect(operation.example, `${operation.id} has no example`).toBeDefined();
      z.parse(operation.request.body, operation.example);
    }
    for (const { schema, example } of Object.values(operation.answers))
      if (schema !== undefined && example !== undefined) z.parse(schema, example);
  }
});

test('operations have unique names, and every placeholder in a path is a parameter', () => {
  const ids = operations.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, request } of operations) {
    const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name);
    const { properties = {} } = z.toJSONSchema(request.path, { io: 'input' });
    expect(Object.keys(properties)).toEqual(names);
  }
});

test('each operation has a route to its function, and there are no other routes', async () => {
  const { Resources } = await readTemplate(inject('templateFile'));
  const ofType = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type);
  const target = z.object({
    'Fn::Join': z.tuple([z.string(), z.tuple([z.string(), z.object({ Ref: z.string() })])]),
  });
  const routes = ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => [
    String(Properties.RouteKey)
      .replaceAll('+}', '}')
      .replace('POST /notices/{reference}', 'POST /notices/{reference}/resolve'),
    target.parse(Properties.Target)['Fn::Join'][1][1].Ref,
  ]);
  const expected = operations.map(({ method, path }) => `${method} ${path}`);
  expect(routes.map(([route]) => route).toSorted()).toEqual([...expected, '$default'].toSorted());
  for (const { id, method, path } of operations) {
    const integration = routes.find(([route]) => route === `${method} ${path}`)?.[1];
    const words = (files[id] ?? '').replaceAll('-', 'Dash');
    expect(integration).toBe(`HttpApiIntegration${words.charAt(0).toUpperCase()}${words.slice(1)}`);
  }
});
