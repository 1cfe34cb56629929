/**
 * Event patterns as EventBridge matches them, with the operators that the rules of a bridge need:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
import * as z from 'zod/mini';

export type EventMatcher = (event: unknown) => boolean;

/** Takes one plain value of the event, or undefined when the field is absent. */
type Matcher = (value: unknown) => boolean;

const objectSchema = z.record(z.string(), z.unknown());

/**
 * Turns a pattern into a function that says whether an event matches it.
 *
 * @throws Error naming the field when the pattern is malformed, or the operator when it is not supported here
 */
export const compilePattern = (pattern: unknown, field = 'the pattern'): EventMatcher => {
  const parsed = objectSchema.safeParse(pattern);
  if (!parsed.success) throw new Error(`${field} must be an object or an array`);
  const entries = Object.entries(parsed.data);
  if (entries.length === 0) throw new Error(`${field} must not be empty`);
  const matchers = entries.map(([name, condition]) => {
    if (name === '$or') throw new Error('the local run does not support $or in event patterns');
    if (Array.isArray(condition)) return compileField(name, condition);
    const matchesChild = compilePattern(condition, name);
    return (event: unknown) => childrenOf(event, name).some(matchesChild);
  });
  return (event) => matchers.every((matches) => matches(event));
};

const compileField = (name: string, conditions: unknown[]): EventMatcher => {
  if (conditions.length === 0) throw new Error(`${name} must list at least one value`);
  const matchers = conditions.map((condition) => compileCondition(condition, name));
  return (event) => leavesOf(event, name).some((value) => matchers.some((matches) => matches(value)));
};

const textOrNumber = z.union([z.string(), z.number()]);

const conditionSchema = z.union([
  textOrNumber,
  z.boolean(),
  z.null(),
  z.strictObject({ exists: z.boolean() }),
  z.strictObject({ prefix: z.string() }),
  z.strictObject({
    'anything-but': z.union([textOrNumber, z.array(textOrNumber).check(z.minLength(1))]),
  }),
]);

const compileCondition = (condition: unknown, field: string): Matcher => {
  const parsed = conditionSchema.safeParse(condition);
  if (!parsed.success)
    throw new Error(
      `the local run does not support ${JSON.stringify(condition)} in event patterns (${field})`,
    );
  const wanted = parsed.data;
  if (typeof wanted !== 'object' || wanted === null) return (value) => value === wanted;
  if ('exists' in wanted) return (value) => (value !== undefined) === wanted.exists;
  if ('prefix' in wanted) return (value) => typeof value === 'string' && value.startsWith(wanted.prefix);
  const excluded: unknown[] = [wanted['anything-but']].flat();
  // An absent field is not "anything but".
  return (value) => value !== undefined && !excluded.includes(value);
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
