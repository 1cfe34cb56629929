import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { nothing, operation } from '../../../lib/http/contract/operation.ts';
import { Problem } from '../../../lib/http/contract/problem.ts';
import { readRequest } from '../../../lib/http/http-handler.ts';
import { apiEvent, type Call } from '../../support/http-api.ts';

const shared = { path: '/things', tag: '', summary: '', description: '', answers: {}, problems: [] } as const;

const put = operation({
  ...shared,
  id: 'put',
  method: 'PUT',
  request: {
    ...nothing,
    query: z.strictObject({ size: z.optional(z.string().check(z.regex(/^\d+$/))) }),
    headers: z.object({ 'idempotency-key': z.optional(z.string().check(z.maxLength(3))) }),
    body: z.strictObject({
      text: z.string(),
      'a/b~c': z.optional(z.array(z.strictObject({ n: z.int() }))),
    }),
  },
});

const read = (call: Call, query = '') => readRequest(put, apiEvent('PUT', `/things${query}`, call));

const problem = (call: Call, query = ''): Problem => {
  try {
    read(call, query);
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('it was taken');
};

test('a valid request is read', () => {
  const headers = { 'idempotency-key': 'abc' };
  expect(read({ body: { text: 'ä' }, headers }, '?size=3')).toEqual({
    path: {},
    query: { size: '3' },
    headers,
    body: { text: 'ä' },
  });
});

test('the error names every fault: fields by JSON pointer, parameters by name', () => {
  const body = { text: 1, extra: true, 'a/b~c': [{ n: 1 }, { n: 'x', m: 1 }] };
  const { kind, fields } = problem({ body, headers: { 'idempotency-key': 'abcd' } }, '?size=x&colour=red');
  expect(kind).toBe('invalid-request');
  expect(fields.errors?.map(({ pointer, parameter }) => pointer ?? parameter).toSorted()).toEqual([
    '#/a~1b~0c/1/m',
    '#/a~1b~0c/1/n',
    '#/extra',
    '#/text',
    'colour',
    'idempotency-key',
    'size',
  ]);
});

test.each([
  'application/json',
  'application/json; charset=utf-8',
  'Application/JSON',
  'application/merge-patch+json',
])('the content type %s is accepted as JSON', (type) =>
  expect(read({ body: { text: 'x' }, headers: { 'content-type': type } }).body).toEqual({ text: 'x' }),
);

test.each([
  '',
  'text/plain',
  'application/jsonp',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
])('the content type "%s" is refused', (type) =>
  expect(problem({ body: { text: 'x' }, headers: { 'content-type': type } }).kind).toBe('not-json'),
);

const json = { 'content-type': 'application/json' };
const bytes = (...values: number[]) => ({
  body: Buffer.from(values).toString('base64'),
  isBase64Encoded: true,
});

test('a body in base64 is decoded', () => {
  const body = Buffer.from('{"text":"π"}').toString('base64');
  expect(read({ headers: json, raw: { body, isBase64Encoded: true } }).body).toEqual({ text: 'π' });
});

test.each([
  ['an empty text', { body: '', isBase64Encoded: false }, 'is missing'],
  ['half an object', { body: '{"text":', isBase64Encoded: false }, 'is not valid JSON in UTF-8'],
  ['a sequence of bytes that is not UTF-8', bytes(0x22, 0xff, 0x22), 'is not valid JSON in UTF-8'],
])('%s as a body is refused', (_, raw, detail) => {
  expect(problem({ headers: json, raw }).fields.errors).toEqual([{ pointer: '#', detail }]);
});

test('a body of 256 KB is accepted, and one more byte is refused', () => {
  const sized = (size: number) => ({ body: { text: `${'ä'.repeat(1000)}${'a'.repeat(size - 2011)}` } });
  expect(() => read(sized(262_144))).not.toThrow();
  expect(problem(sized(262_145)).kind).toBe('too-large');
});

test('an operation without a body ignores a body', () => {
  const get = operation({ ...shared, id: 'get', method: 'GET', request: nothing });
  const event = apiEvent('GET', '/things', { raw: { body: 'nonsense', isBase64Encoded: false } });
  expect(readRequest(get, event)).toEqual({ path: {}, query: {}, headers: {}, body: undefined });
});
