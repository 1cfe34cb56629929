/**
 * In deployments in place of `@aws-sdk/util-dynamodb`, which also knows sets, bytes and classes, and takes three times as
 * long: the bridge stores nothing but what JSON knows.
 */
type Attribute =
  | { S: string }
  | { N: string }
  | { BOOL: boolean }
  | { NULL: true }
  | { L: Attribute[] }
  | { M: Record<string, Attribute> };

const toAttribute = (value: unknown): Attribute => {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      if (Number.isFinite(value)) return { N: String(value) };
      break;
    case 'boolean':
      return { BOOL: value };
    case 'object':
      if (value === null) return { NULL: true };
      return Array.isArray(value) ? { L: value.map(toAttribute) } : { M: marshall(value) };
  }
  throw new TypeError(`DynamoDB cannot hold ${String(value)}`);
};

/**
 * A value's fields as DynamoDB holds them. What is undefined is left out.
 * @throws {TypeError} for what JSON does not know
 */
export const marshall = (value: object): Record<string, Attribute> => {
  const item: Record<string, Attribute> = {};
  for (const [name, field] of Object.entries(value)) if (field !== undefined) item[name] = toAttribute(field);
  return item;
};

const fromAttribute = (attribute: Attribute): unknown => {
  if ('S' in attribute) return attribute.S;
  if ('N' in attribute) return Number(attribute.N);
  if ('BOOL' in attribute) return attribute.BOOL;
  if ('L' in attribute) return attribute.L.map(fromAttribute);
  return 'M' in attribute ? unmarshall(attribute.M) : null;
};

/** What DynamoDB holds as a value again. */
export const unmarshall = (item: Record<string, Attribute>): Record<string, unknown> => {
  const value: Record<string, unknown> = {};
  for (const [name, attribute] of Object.entries(item)) value[name] = fromAttribute(attribute);
  return value;
};
