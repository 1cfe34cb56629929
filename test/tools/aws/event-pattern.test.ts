import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../tools/aws/event-pattern.ts';

const ec2Event = {
  version: '0',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  region: 'us-west-1',
  resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0'],
  detail: {
    'instance-id': 'i-1234567890abcdef0',
    state: 'terminated',
    'c-count': 5,
    'd-count': 3,
    'x-limit': 3.018e2,
    path: 'dir/photo.png',
    empty: '',
    nothing: null,
    done: false,
    tags: ['red', 'green'],
    none: [],
    items: [
      { sku: 'a', amount: 1 },
      { sku: 'b', amount: 9 },
    ],
    nested: { deep: { value: 1 } },
  },
};

// The forms and, where they exist, the examples of
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
const cases: [what: string, pattern: object, matches: boolean][] = [
  ['an equal value', { source: ['aws.ec2'] }, true],
  ['one of several values', { source: ['aws.s3', 'aws.ec2'] }, true],
  ['another value', { source: ['aws.s3'] }, false],
  ['a value in other case', { source: ['AWS.ec2'] }, false],
  ['all of several fields', { source: ['aws.ec2'], detail: { state: ['terminated'] } }, true],
  ['only one of two fields', { source: ['aws.ec2'], detail: { state: ['running'] } }, false],
  ['a field that is not there', { detail: { owner: ['x'] } }, false],
  ['a number', { detail: { 'c-count': [5] } }, true],
  ['a number in another notation', { detail: { 'x-limit': [301.8] } }, true],
  ['a number given as text', { detail: { 'c-count': ['5'] } }, false],
  ['null', { detail: { nothing: [null] } }, true],
  ['null for an empty text', { detail: { empty: [null] } }, false],
  ['an empty text', { detail: { empty: [''] } }, true],
  ['a boolean', { detail: { done: [false] } }, true],
  ['an element of an array', { detail: { tags: ['green', 'blue'] } }, true],
  ['no element of an array', { detail: { tags: ['blue'] } }, false],
  ['an object in an array', { detail: { items: { sku: ['b'] } } }, true],
  ['fields of two different objects in an array', { detail: { items: { sku: ['a'], amount: [9] } } }, false],
  ['a deep field', { detail: { nested: { deep: { value: [1] } } } }, true],
  ['exists', { detail: { state: [{ exists: true }] } }, true],
  ['exists, for an absent field', { detail: { owner: [{ exists: true }] } }, false],
  ['exists false, for an absent field', { detail: { owner: [{ exists: false }] } }, true],
  ['exists false, below an absent field', { detail: { a: { b: [{ exists: false }] } } }, true],
  ['exists false, for a field', { detail: { state: [{ exists: false }] } }, false],
  ['exists, for null', { detail: { nothing: [{ exists: true }] } }, true],
  ['exists, for an intermediate node', { detail: { nested: [{ exists: true }] } }, false],
  ['exists, for an empty array', { detail: { none: [{ exists: true }] } }, false],
  ['prefix', { region: [{ prefix: 'us-' }] }, true],
  ['another prefix', { region: [{ prefix: 'eu-' }] }, false],
  ['prefix in other case', { region: [{ prefix: { 'equals-ignore-case': 'US-' } }] }, true],
  ['prefix of a number', { detail: { 'c-count': [{ prefix: '5' }] } }, false],
  ['suffix', { detail: { path: [{ suffix: '.png' }] } }, true],
  ['another suffix', { detail: { path: [{ suffix: '.jpg' }] } }, false],
  ['suffix in other case', { detail: { path: [{ suffix: { 'equals-ignore-case': '.PNG' } }] } }, true],
  ['equals-ignore-case', { detail: { state: [{ 'equals-ignore-case': 'TERMINATED' }] } }, true],
  ['equals-ignore-case, a part', { detail: { state: [{ 'equals-ignore-case': 'TERM' }] } }, false],
  ['wildcard', { detail: { path: [{ wildcard: 'dir/*.png' }] } }, true],
  ['wildcard for nothing', { detail: { path: [{ wildcard: 'dir/photo*.png' }] } }, true],
  ['wildcard that ends too early', { detail: { path: [{ wildcard: 'dir/*.jp' }] } }, false],
  ['wildcard where a dot is a dot', { detail: { path: [{ wildcard: 'dir/photo.*ng' }] } }, true],
  ['wildcard where a dot is not any character', { source: [{ wildcard: 'aws.e.2*' }] }, false],
  ['an escaped asterisk', { detail: { path: [{ wildcard: 'dir/\\*.png' }] } }, false],
  ['anything-but', { detail: { state: [{ 'anything-but': 'initializing' }] } }, true],
  ['anything-but itself', { detail: { state: [{ 'anything-but': 'terminated' }] } }, false],
  ['anything-but a list', { detail: { state: [{ 'anything-but': ['stopped', 'overloaded'] }] } }, true],
  [
    'anything-but a list with it',
    { detail: { state: [{ 'anything-but': ['stopped', 'terminated'] }] } },
    false,
  ],
  ['anything-but numbers', { detail: { 'x-limit': [{ 'anything-but': [100, 200, 300] }] } }, true],
  ['anything-but, for an absent field', { detail: { owner: [{ 'anything-but': 'x' }] } }, false],
  ['anything-but a prefix', { detail: { state: [{ 'anything-but': { prefix: 'init' } }] } }, true],
  ['anything-but its prefix', { detail: { state: [{ 'anything-but': { prefix: 'term' } }] } }, false],
  ['anything-but prefixes', { region: [{ 'anything-but': { prefix: ['eu-', 'us-'] } }] }, false],
  ['anything-but a suffix', { detail: { path: [{ 'anything-but': { suffix: '.png' } }] } }, false],
  [
    'anything-but in any case',
    { detail: { state: [{ 'anything-but': { 'equals-ignore-case': 'Terminated' } }] } },
    false,
  ],
  ['anything-but a wildcard', { detail: { path: [{ 'anything-but': { wildcard: '*/lib/*' } }] } }, true],
  ['numeric equality', { detail: { 'x-limit': [{ numeric: ['=', 301.8] }] } }, true],
  ['a numeric range', { detail: { 'c-count': [{ numeric: ['>', 0, '<=', 5] }] } }, true],
  ['a numeric range that ends below', { detail: { 'c-count': [{ numeric: ['>', 0, '<', 5] }] } }, false],
  ['a numeric bound', { detail: { 'd-count': [{ numeric: ['<', 10] }] } }, true],
  ['numeric on a text', { detail: { state: [{ numeric: ['<', 10] }] } }, false],
  [
    '$or, the first',
    { detail: { $or: [{ 'c-count': [{ numeric: ['>', 0] }] }, { 'd-count': [99] }] } },
    true,
  ],
  ['$or, the second', { $or: [{ source: ['aws.s3'] }, { detail: { state: ['terminated'] } }] }, true],
  ['$or, neither', { $or: [{ source: ['aws.s3'] }, { detail: { state: ['running'] } }] }, false],
  ['$or and another field', { source: ['aws.s3'], $or: [{ region: ['us-west-1'] }] }, false],
];

describe('an event matches', () => {
  test.each(cases)('%s: %j → %s', (_, pattern, matches) => {
    expect(compilePattern(pattern)(ec2Event)).toBe(matches);
  });
});

test.each([
  ['no object', ['a']],
  ['an empty object', {}],
  ['an empty list of values', { source: [] }],
  ['a bare value', { source: 'aws.ec2' }],
  ['an unknown operator', { source: [{ cidr: '10.0.0.0/24' }] }],
  ['a misspelt comparison', { detail: { n: [{ numeric: ['=>', 1] }] } }],
  ['two operators at once', { source: [{ prefix: 'a', suffix: 'b' }] }],
  ['an $or that is no list', { $or: { source: ['a'] } }],
])('a pattern with %s is refused', (_, pattern) => {
  expect(() => compilePattern(pattern)).toThrow(/pattern|source|n has|\$or/);
});

property.prop([fc.string(), fc.string()])('prefix, suffix and wildcard agree with the text', (start, end) => {
  const literal = (text: string) => text.replaceAll(/[\\*]/g, '\\$&');
  const event = { value: `${start}${end}` };
  expect(compilePattern({ value: [{ prefix: start }] })(event)).toBe(true);
  expect(compilePattern({ value: [{ suffix: end }] })(event)).toBe(true);
  expect(compilePattern({ value: [{ wildcard: `${literal(start)}*${literal(end)}` }] })(event)).toBe(true);
  expect(compilePattern({ value: [{ wildcard: literal(start + end) }] })(event)).toBe(true);
  expect(compilePattern({ value: [{ 'anything-but': { wildcard: literal(start + end) } }] })(event)).toBe(
    false,
  );
});
