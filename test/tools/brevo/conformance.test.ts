import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fc } from '@fast-check/vitest';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { createBrevo } from '../../../tools/brevo/brevo.ts';
import { idOf, liz, seededRandom, simulatedBrevo } from './simulated-brevo.ts';

interface Operation {
  requestBody?: {
    content: { 'application/json': { schema: Schema; examples: Record<string, { value: object }> } };
  };
  responses: Record<string, Response>;
}
interface Schema {
  properties: Record<string, unknown>;
  required?: string[];
}
interface Response {
  $ref?: string;
  content?: { 'application/json': { schema: object; examples?: Record<string, { value: object }> } };
}
interface Definition {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Response> };
}

const file = path.join(import.meta.dirname, '../../..', '..', 'shared', 'brevo-openapi.json');
const isThere = existsSync(file);
const definition: Definition = isThere
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { paths: {}, components: { responses: {} } };

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(definition, 'brevo');

/** The operations the bridge covers: all but the visitor's group. */
const operations = Object.entries(definition.paths)
  .filter(([pattern]) => pattern !== '/conversations/visitorGroup')
  .flatMap(([pattern, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      pattern,
      method: method.toUpperCase(),
      operation,
    })),
  );

const wanted = { visitorId: 'visitor-1', text: 'Here\'s "one" <b>\nand & two' };
const who = { agentEmail: 'new@example.com', agentName: 'New', receivedFrom: 'shop' };
const group = { id: 'PjRBMhWGen6aRHjif', agentIds: [liz.id] };
const bodies: Record<string, object> = {
  '/conversations/messages': { ...wanted, ...who },
  '/conversations/pushedMessages': wanted,
  '/conversations/agentOnlinePing': { agentId: liz.id },
};

const title = "Brevo's published definition";
describe.skipIf(!isThere)(isThere ? title : `${title}: NOT CHECKED, there is no ${file}`, () => {
  test('has the nine operations', () => {
    expect(operations).toHaveLength(9);
  });

  test.each(operations)('$method $pattern answers as published, in success and in error', async (tested) => {
    const { call, control } = await simulatedBrevo({ groups: [group] });
    const { pattern, method, operation } = tested;
    const target = pattern.replace('/conversations', '');
    const collection = target.replace('/{id}', '');
    const seen = new Set<string>();

    const check = async (id: string, body?: object, headers?: Record<string, string>) => {
      const answer = await call(method, target.replace('{id}', id), body, headers);
      seen.add(String(answer.status));
      const published = operation.responses[answer.status];
      const schema = schemaOf(published);
      if (published && !schema) expect(answer.text).toBe('');
      else expectValid(schema ?? { $ref: 'brevo#/components/schemas/errorModel' }, answer.json);
      return answer;
    };

    const visitorsMessage = await control('POST', '/messages', { visitorId: 'visitor-1', text: 'Hi' });
    const hasId = pattern.endsWith('{id}');
    const id = hasId ? idOf(await call('POST', collection, bodies[`/conversations${collection}`])) : '';
    const body = method === 'GET' || method === 'DELETE' ? undefined : (bodies[pattern] ?? { text: 'new' });

    await check(id, body, { 'api-key': 'wrong' });
    await check('unknown', body);
    if (body) {
      await check(id, body, { 'content-type': 'text/plain' });
      await check(id, {});
      await check(id, { ...body, text: 5, agentId: 5 });
    } else if (collection === '/messages') {
      await check(idOf(visitorsMessage));
    }
    const { json } = await check(id, body);
    for (const { value } of examplesOf(operation.responses['200'])) {
      expect(Object.keys(Object(json)).sort()).toEqual(Object.keys(value).sort());
    }
    await control('POST', '/limit', { limit: 0 });
    await check(id, body);

    // A GET, and a DELETE of a pushed message, can be given nothing that is wrong: their 400 stays unseen.
    const published = Object.keys(operation.responses).filter(
      (status) => body || status !== '400' || (method === 'DELETE' && collection === '/messages'),
    );
    expect([...seen]).toEqual(expect.arrayContaining([...published, '401', '429', ...(body ? ['406'] : [])]));
  });

  const withBody = operations.filter(({ operation }) => operation.requestBody);

  test.each(withBody)(
    '$method $pattern takes the published examples and insists on what is required',
    async (tested) => {
      const { call } = await simulatedBrevo({ groups: [group] });
      const { pattern, method, operation } = tested;
      const json = operation.requestBody?.content['application/json'];
      if (!json) throw new Error('no body');
      const collection = pattern.replace('/conversations', '').replace('/{id}', '');
      const id = pattern.endsWith('{id}')
        ? idOf(await call('POST', collection, bodies[`/conversations${collection}`]))
        : '';
      const target = pattern.replace('/conversations', '').replace('{id}', id);

      for (const { value } of Object.values(json.examples)) {
        expect((await call(method, target, value)).status).toBeLessThan(300);
        for (const required of json.schema.required ?? []) {
          expect(await call(method, target, { ...value, [required]: undefined })).toMatchObject({
            status: 400,
            json: { code: 'missing_parameter', message: `${required} is missing` },
          });
        }
      }
    },
  );

  test('a request that breaks the definition is never accepted', () => {
    const value = fc.constantFrom(undefined, '', 'x', liz.id, group.id, liz.email, 5, null, true, ['x']);
    const field = (name: string) => fc.tuple(fc.constant(name), value);
    const request = fc.constantFrom(...withBody).chain((tested) => {
      const properties = Object.keys(bodySchema(tested.operation).properties);
      return fc
        .tuple(...properties.map(field))
        .map((entries) => ({ tested, body: Object.fromEntries(entries) }));
    });
    fc.assert(
      fc.property(request, ({ tested, body }) => {
        const { status } = acceptance(tested, body);
        const isValid = ajv.validate(bodySchema(tested.operation), JSON.parse(JSON.stringify(body)));
        expect(isValid ? [200, 201, 400] : [400]).toContain(status);
      }),
      { numRuns: 2000 },
    );
  });
});

/** What a fresh account answers to the body, on a message that exists where the path names one. */
const acceptance = ({ pattern, method }: { pattern: string; method: string }, body: object) => {
  const brevo = createBrevo({ apiKey: 'k', now: () => 0, random: seededRandom(1) });
  const send = (verb: string, target: string, sent: object) => {
    const headers = { 'api-key': 'k', 'content-type': 'application/json' };
    const request = { method: verb, path: `/v3${target}`, headers, body: JSON.stringify(sent) };
    const answer = brevo.handle(request).complete();
    return { status: answer?.status, body: answer?.body ?? '' };
  };
  const collection = pattern.replace('/{id}', '');
  if (collection === pattern) return send(method, pattern, body);
  const { id } = JSON.parse(send('POST', collection, bodies[collection] ?? {}).body);
  return send(method, `${collection}/${id}`, body);
};

const bodySchema = ({ requestBody }: Operation): Schema => {
  if (!requestBody) throw new Error('the operation takes no body');
  return requestBody.content['application/json'].schema;
};

const examplesOf = (response: Response | undefined): { value: object }[] =>
  Object.values(response?.content?.['application/json'].examples ?? {});

const schemaOf = (response: Response | undefined): object | undefined => {
  const name = response?.$ref?.replace('#/components/responses/', '');
  const resolved = name === undefined ? response : definition.components.responses[name];
  const schema = resolved?.content?.['application/json'].schema;
  return schema && '$ref' in schema ? { $ref: `brevo${schema.$ref}` } : schema;
};

const expectValid = (schema: object, value: unknown): void => {
  const isValid = ajv.validate(schema, value);
  expect(isValid ? [] : [ajv.errorsText(), value]).toEqual([]);
};
