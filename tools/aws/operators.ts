/** What can stand in the array of an event pattern's field: a plain value or one operator. */
import * as z from 'zod/mini';

/** Takes one plain value of the event, or undefined when the field is absent. */
export type Matcher = (value: unknown) => boolean;

const oneOrMore = <T>(item: z.ZodMiniType<T>) => z.union([item, z.array(item).check(z.minLength(1))]);
const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

const text = z.string();
const ignoringCase = z.strictObject({ 'equals-ignore-case': text });
const comparison = z.enum(['=', '<', '<=', '>', '>=']);

const operatorSchema = z.union([
  text,
  z.number(),
  z.boolean(),
  z.null(),
  z.strictObject({ exists: z.boolean() }),
  z.strictObject({ prefix: z.union([text, ignoringCase]) }),
  z.strictObject({ suffix: z.union([text, ignoringCase]) }),
  ignoringCase,
  z.strictObject({ wildcard: text }),
  z.strictObject({
    numeric: z.union([
      z.tuple([comparison, z.number()]),
      z.tuple([comparison, z.number(), comparison, z.number()]),
    ]),
  }),
  z.strictObject({
    'anything-but': z.union([
      oneOrMore(z.union([text, z.number()])),
      z.strictObject({ prefix: oneOrMore(text) }),
      z.strictObject({ suffix: oneOrMore(text) }),
      z.strictObject({ 'equals-ignore-case': oneOrMore(text) }),
      z.strictObject({ wildcard: oneOrMore(text) }),
    ]),
  }),
]);

/** @throws Error naming the field when the operator is unknown or its argument malformed */
export const compileOperator = (condition: unknown, field: string): Matcher => {
  const parsed = operatorSchema.safeParse(condition);
  if (!parsed.success)
    throw new Error(`${field} has a condition the local bus does not know: ${JSON.stringify(condition)}`);
  const operator = parsed.data;
  if (typeof operator !== 'object' || operator === null) return (value) => value === operator;
  if ('exists' in operator) return (value) => (value !== undefined) === operator.exists;
  if ('prefix' in operator) return startsWith(operator.prefix);
  if ('suffix' in operator) return endsWith(operator.suffix);
  if ('equals-ignore-case' in operator) return equalsIgnoringCase(operator['equals-ignore-case']);
  if ('wildcard' in operator) return fitsWildcard(operator.wildcard);
  if ('numeric' in operator) return compare(operator.numeric);
  return anythingBut(operator['anything-but']);
};

type TextOrIgnoringCase = string | z.infer<typeof ignoringCase>;

const startsWith = (wanted: TextOrIgnoringCase): Matcher => {
  if (typeof wanted === 'string') return onText((value) => value.startsWith(wanted));
  const start = wanted['equals-ignore-case'].toLowerCase();
  return onText((value) => value.toLowerCase().startsWith(start));
};

const endsWith = (wanted: TextOrIgnoringCase): Matcher => {
  if (typeof wanted === 'string') return onText((value) => value.endsWith(wanted));
  const end = wanted['equals-ignore-case'].toLowerCase();
  return onText((value) => value.toLowerCase().endsWith(end));
};

const equalsIgnoringCase = (wanted: string): Matcher =>
  onText((value) => value.toLowerCase() === wanted.toLowerCase());

/** `*` stands for any characters; a backslash takes the special meaning from `*` and `\`. */
const fitsWildcard = (wildcard: string): Matcher => {
  const source = wildcard.replaceAll(/\\[*\\]|[*]|[\\^$.+?()[\]{}|/-]/g, (found) => {
    if (found === '*') return '.*';
    return found.length === 2 ? found : `\\${found}`;
  });
  const expression = new RegExp(`^${source}$`, 's');
  return onText((value) => expression.test(value));
};

const compare =
  ([first, bound, second, otherBound]: (string | number | undefined)[]): Matcher =>
  (value) =>
    typeof value === 'number' &&
    holds(value, first, bound) &&
    (second === undefined || holds(value, second, otherBound));

const holds = (value: number, comparator: unknown, bound: unknown): boolean => {
  if (typeof bound !== 'number') return false;
  switch (comparator) {
    case '=':
      return value === bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    default:
      return false;
  }
};

type Excluded = Extract<z.infer<typeof operatorSchema>, { 'anything-but': unknown }>['anything-but'];

/** The field must be there; an absent one is not "anything but". */
const anythingBut = (excluded: Excluded): Matcher => {
  const matchers = excludedMatchers(excluded);
  return (value) => value !== undefined && !matchers.some((matches) => matches(value));
};

const excludedMatchers = (excluded: Excluded): Matcher[] => {
  if (typeof excluded !== 'object' || Array.isArray(excluded)) {
    return listOf(excluded).map((item) => (value) => value === item);
  }
  if ('prefix' in excluded) return listOf(excluded.prefix).map(startsWith);
  if ('suffix' in excluded) return listOf(excluded.suffix).map(endsWith);
  if ('wildcard' in excluded) return listOf(excluded.wildcard).map(fitsWildcard);
  return listOf(excluded['equals-ignore-case']).map(equalsIgnoringCase);
};

const onText =
  (matches: (value: string) => boolean): Matcher =>
  (value) =>
    typeof value === 'string' && matches(value);
