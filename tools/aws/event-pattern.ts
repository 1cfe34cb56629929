/**
 * Event patterns as EventBridge matches them:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
import * as z from 'zod/mini';
import { compileOperator, type Matcher } from './operators.ts';

export type EventMatcher = (event: unknown) => boolean;

const objectSchema = z.record(z.string(), z.unknown());

/**
 * Turns a pattern into a function that says whether an event matches it.
 *
 * @throws Error naming the field when the pattern is malformed or uses an operator that is not known here
 */
export const compilePattern = (pattern: unknown, field = 'the pattern'): EventMatcher => {
  const parsed = objectSchema.safeParse(pattern);
  if (!parsed.success) throw new Error(`${field} must be an object or an array`);
  const entries = Object.entries(parsed.data);
  if (entries.length === 0) throw new Error(`${field} must not be empty`);
  const matchers = entries.map(([name, condition]) => {
    if (name === '$or') return compileAlternatives(condition, field);
    if (Array.isArray(condition)) return compileLeaf(name, condition);
    const matchesChild = compilePattern(condition, name);
    return (event: unknown) => childrenOf(event, name).some(matchesChild);
  });
  return (event) => matchers.every((matches) => matches(event));
};

const compileAlternatives = (condition: unknown, field: string): EventMatcher => {
  if (!Array.isArray(condition) || condition.length === 0)
    throw new Error(`$or in ${field} must be a list of patterns`);
  const alternatives = condition.map((alternative) => compilePattern(alternative, '$or'));
  return (event) => alternatives.some((matches) => matches(event));
};

const compileLeaf = (name: string, conditions: unknown[]): EventMatcher => {
  if (conditions.length === 0) throw new Error(`${name} must list at least one value`);
  const matchers: Matcher[] = conditions.map((condition) => compileOperator(condition, name));
  return (event) => leavesOf(event, name).some((value) => matchers.some((matches) => matches(value)));
};

/** The field's values: an array stands for any of its elements. A field with no value at all counts as absent. */
const leavesOf = (event: unknown, name: string): unknown[] => {
  const leaves = valuesOf(event, name).filter((value) => typeof value !== 'object' || value === null);
  return leaves.length > 0 ? leaves : [undefined];
};

const childrenOf = (event: unknown, name: string): unknown[] => {
  const children = valuesOf(event, name);
  return children.length > 0 ? children : [undefined];
};

const valuesOf = (event: unknown, name: string): unknown[] => {
  const parsed = objectSchema.safeParse(event);
  if (!parsed.success || !Object.hasOwn(parsed.data, name)) return [];
  const value = parsed.data[name];
  return Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];
};
