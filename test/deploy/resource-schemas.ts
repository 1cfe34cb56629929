/** Checks a template against the schemas of CloudFormation’s registry. */
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertyType, Resource, ResourceProperties } from '@aws-cdk/service-spec-types';
import * as z from 'zod/mini';

const database = loadAwsServiceSpecSync();

const record = z.record(z.string(), z.unknown());

interface Template {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

const schemaOf = (type: string): Resource | undefined =>
  database.lookup('resource', 'cloudFormationType', 'equals', type)[0];

const intrinsicOf = (value: unknown): [name: string, argument: unknown] | undefined => {
  const [first, ...rest] = Object.entries(record.safeParse(value).data ?? {});
  return first && rest.length === 0 && /^(Ref$|Fn::)/.test(first[0]) ? first : undefined;
};

/** The faults of whichever type fits best: none, when one of them fits. */
const fewest = (faults: string[][]): string[] =>
  faults.find((found) => found.length === 0) ?? faults[0] ?? [];

const faultsInValue = (type: PropertyType, value: unknown, path: string): string[] => {
  if (intrinsicOf(value)) return [];
  const wrong = [`${path} has to be ${type.type}`];
  switch (type.type) {
    case 'string':
    case 'date-time':
      return ['string', 'number', 'boolean'].includes(typeof value) ? [] : wrong;
    case 'integer':
      return Number.isInteger(Number(value)) && value !== '' ? [] : wrong;
    case 'number':
      return Number.isFinite(Number(value)) && value !== '' ? [] : wrong;
    case 'boolean':
      return [true, false, 'true', 'false'].some((one) => one === value) ? [] : wrong;
    case 'json':
    case 'tag':
    case 'null':
      return [];
    case 'array':
      if (!Array.isArray(value)) return wrong;
      return value.flatMap((item, index) => faultsInValue(type.element, item, `${path}[${index}]`));
    case 'map': {
      const { success, data = {} } = record.safeParse(value);
      if (!success) return wrong;
      return Object.entries(data).flatMap(([key, item]) =>
        faultsInValue(type.element, item, `${path}.${key}`),
      );
    }
    case 'ref': {
      const { success, data = {} } = record.safeParse(value);
      if (!success) return wrong;
      return faultsInProperties(database.get('typeDefinition', type.reference.$ref).properties, data, path);
    }
    case 'union':
      return fewest(type.types.map((option) => faultsInValue(option, value, path)));
  }
};

const faultsInProperties = (properties: ResourceProperties, given: object, path: string): string[] => {
  const missing = Object.entries(properties)
    .filter(([name, { required }]) => required && !(name in given))
    .map(([name]) => `${path}.${name} is missing`);
  const faulty = Object.entries(given).flatMap(([name, value]) => {
    const property = properties[name];
    if (!property) return [`${path}.${name} is not known`];
    const types = [property.type, ...(property.previousTypes ?? [])];
    return fewest(types.map((type) => faultsInValue(type, value, `${path}.${name}`)));
  });
  return [...missing, ...faulty];
};

const attributesNamedBy = (value: unknown): [logicalId: string, attribute: string][] => {
  const [name, argument] = intrinsicOf(value) ?? [];
  if (name === 'Fn::GetAtt') return [z.tuple([z.string(), z.string()]).parse(argument)];
  if (name !== 'Fn::Sub') return [];
  const pattern = z.string().parse([argument].flat()[0]);
  return [...pattern.matchAll(/\$\{(\w+)\.([\w.]+)\}/g)].map(([, logicalId = '', attribute = '']) => [
    logicalId,
    attribute,
  ]);
};

/** Each Fn::GetAtt, and each attribute in a Fn::Sub, has to be one that the resource has. */
const faultsInAttributes = (template: Template, value: unknown, path: string): string[] => {
  const faults = attributesNamedBy(value)
    .filter(([logicalId, attribute]) => {
      const attributes = schemaOf(template.Resources[logicalId]?.Type ?? '')?.attributes;
      return !attributes || !(attribute in attributes);
    })
    .map(([logicalId, attribute]) => `${path}: ${logicalId} has no attribute ${attribute}`);
  if (typeof value !== 'object' || value === null) return faults;
  const deeper = Object.entries(value).flatMap(([key, item]) =>
    faultsInAttributes(template, item, `${path}.${key}`),
  );
  return [...faults, ...deeper];
};

/** Every property that the schema does not know, that is missing, or that has a value of another type, by its path. */
export const faultsIn = (template: Template): string[] =>
  Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties }]) => {
    const schema = schemaOf(Type);
    if (!schema) return [`${logicalId}: ${Type} does not exist`];
    return [
      ...faultsInProperties(schema.properties, Properties, logicalId),
      ...faultsInAttributes(template, Properties, logicalId),
    ];
  });
