import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { takesBody } from '../../../lib/http/contract/operation.ts';
import { routesWith } from '../../../lib/http/contract/operations.ts';
import { openApiOf } from '../../../lib/http/openapi.ts';
import { sources } from '../../../lib/sources/sources.ts';

const operations = routesWith(sources);

const document = openApiOf(operations);

test('the document is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

test('every operation has a description, and every tag is listed, as Spectral asks for', () => {
  // Spectral also asks for a contact, which is whoever deploys the bridge.
  for (const { id, description, tag } of operations) {
    expect(description, id).not.toBe('');
    expect(document.tags).toContainEqual({ name: tag });
  }
});

test('webhooks have a body', () => {
  expect(document.paths).toMatchObject({
    '/webhooks/shopify': { post: { requestBody: { required: true, content: { 'application/json': {} } } } },
  });
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
